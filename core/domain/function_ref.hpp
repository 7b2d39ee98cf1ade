#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace core {

/// Whatever can be called with these arguments and is not `Self`.
template <class F, class Self, class... Args>
concept OtherCallable = !std::same_as<std::remove_cvref_t<F>, Self> && std::invocable<F&, Args...>;

/// A callable of someone else's, for the length of a call: two words, no allocation, no template where it is taken.
/// What it refers to must outlive it, so it is a parameter's type and never a member's.
template <class Signature>
class FunctionRef;

template <class R, class... Args>
class FunctionRef<R(Args...)> {
public:
    /// Implicit: a lambda stands where a FunctionRef is asked for.
    template <OtherCallable<FunctionRef, Args...> F>
    // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): the constraint leaves copies alone
    FunctionRef(F&& f) noexcept
        : object_{const_cast<void*>(static_cast<const void*>(std::addressof(f)))},
          call_{[](void* object, Args... args) -> R {
              return (*static_cast<std::add_pointer_t<F>>(object))(std::forward<Args>(args)...);
          }} {}

    R operator()(Args... args) const { return call_(object_, std::forward<Args>(args)...); }

private:
    void* object_;
    R (*call_)(void*, Args...);
};

}  // namespace core
