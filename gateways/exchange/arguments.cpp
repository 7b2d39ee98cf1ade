#include "gateways/exchange/arguments.hpp"

namespace gateways::exchange {

namespace {

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> all;
    while (!text.empty()) {
        const auto end = text.find(' ');
        all.push_back(text.substr(0, end));
        text = end == text.npos ? std::string_view{} : text.substr(end + 1);
    }
    return all;
}

}  // namespace

Value Arguments::read(std::string_view text) {
    if (auto value = Value::parse(text)) return std::move(*value);
    return Value{text};
}

core::Result<Arguments, ApiError> Arguments::bind(Call call, std::vector<Value> positional) {
    const auto& row = shape(call);
    const auto names = words(row.arguments);
    Arguments bound;
    auto params = Value::object();
    if (!positional.empty() && positional.back().is_object()) {
        params = std::move(positional.back());
        positional.pop_back();
    } else if (positional.size() == names.size() + 1 && positional.back().is_null()) {
        positional.pop_back();
    }
    if (positional.size() > names.size())
        return refused(ErrorKind::bad_request,
                       std::string{row.name} + " takes " + std::to_string(names.size()) +
                           " arguments and an object of options: " + std::string{row.arguments});
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool given = i < positional.size() && !positional[i].is_null();
        if (!given && i < row.required)
            return refused(ErrorKind::bad_request, std::string{row.name} + ": the argument " + std::string{names[i]} +
                                                       " is missing (" + std::string{row.arguments} + ")");
        if (given) bound.set(names[i], std::move(positional[i]));
    }
    bound.set_params(std::move(params));
    return bound;
}

}  // namespace gateways::exchange
