#include "gateways/orders/start_counter.hpp"

#include "gateways/orders/fill_memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>

namespace gateways {

using core::Error;

namespace {

constexpr std::uint32_t last_epoch = (1u << 23) - 1;  // the bit above marks ids of outside orders

std::string line_of(std::uint32_t epoch) {
    const auto text = fmt::format("omega starts {}", epoch);
    return fmt::format("{} {:016x}\n", text, hash_bytes(text, 0));
}

core::Result<std::uint32_t> read_epoch(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        if (errno == ENOENT) return 0u;
        return Error::io;
    }
    std::array<char, 128> bytes;
    const auto size = ::read(file, bytes.data(), bytes.size());
    ::close(file);
    if (size < 0) return Error::io;
    const std::string_view text{bytes.data(), static_cast<std::size_t>(size)};
    constexpr std::string_view begin = "omega starts ";
    std::uint32_t epoch = 0;
    if (!text.starts_with(begin)) return Error::corrupt;
    std::from_chars(text.data() + begin.size(), text.data() + text.size(), epoch);
    if (epoch == 0 || epoch > last_epoch || text != line_of(epoch)) return Error::corrupt;
    return epoch;
}

bool write_epoch(const std::filesystem::path& path, int file, std::uint32_t epoch) {
    const auto line = line_of(epoch);
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size()))
        return false;
    auto temporary = path;
    temporary += ".new";
    if (::fsync(file) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) return false;
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return false;
    const bool kept = ::fsync(directory) == 0;
    ::close(directory);
    return kept;
}

}  // namespace

core::Result<std::uint32_t> next_epoch(const std::filesystem::path& path, std::uint32_t at_least) {
    auto lock_path = path;
    lock_path += ".lock";
    const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return Error::io;
    core::Result<std::uint32_t> result = Error::refused;
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
        result = read_epoch(path);
        if (result) {
            const auto epoch = std::max(*result, at_least) + 1;
            auto temporary = path;
            temporary += ".new";
            const int file = epoch > last_epoch ? -1 : ::open(temporary.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
            if (epoch > last_epoch)
                result = Error::out_of_range;
            else if (file < 0 || !write_epoch(path, file, epoch))
                result = Error::io;
            else
                result = epoch;
            if (file >= 0) ::close(file);
        }
    }
    ::close(lock);
    return result;
}

}  // namespace gateways
