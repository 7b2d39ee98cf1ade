#include "feeds/capture/byte_source.hpp"

#include "feeds/capture/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace feeds::capture {

namespace {

constexpr std::size_t input_size = std::size_t{64} << 10;
enum class Packing : std::uint8_t { none, gzip, zstd };

Packing packing_of(std::string_view head) {
    if (head.starts_with("\x1f\x8b")) return Packing::gzip;
    if (head.starts_with("\x28\xb5\x2f\xfd")) return Packing::zstd;
    return Packing::none;
}

}  // namespace

struct ByteSource::State {
    std::filesystem::path file;
    int descriptor{-1};
    std::uint64_t consumed{};  // bytes of the file that have been read into `input`
    std::array<unsigned char, input_size> input{};
    std::size_t begin{}, end{};
    Packing packing{};
    bool inside{};  // within a gzip member or zstd frame: ending here is a truncation
    z_stream gzip{};
    bool gzip_open{};
    ZSTD_DStream* zstd{};

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        if (gzip_open) inflateEnd(&gzip);
        ZSTD_freeDStream(zstd);
        if (descriptor >= 0) ::close(descriptor);
    }

    [[noreturn]] void fail(core::Error reason, const std::string& expected, const std::string& advice) const {
        throw CaptureError{reason, file, consumed - (end - begin), expected, advice};
    }

    bool refill() {
        begin = end = 0;
        ssize_t got{};
        do got = ::read(descriptor, input.data(), input.size());
        while (got < 0 && errno == EINTR);
        if (got < 0)
            fail(core::Error::io, std::string{"reading failed ("} + std::strerror(errno) + ")", "check the disk");
        end = static_cast<std::size_t>(got);
        consumed += end;
        return end > 0;
    }

    std::size_t read_plain(char* to, std::size_t size) {
        if (begin == end && !refill()) return 0;
        const auto count = std::min(size, end - begin);
        std::memcpy(to, input.data() + begin, count);
        begin += count;
        return count;
    }

    // Both decoders may consume input without output, hence the loops; a new member or frame starts by itself.
    std::size_t read_gzip(char* to, std::size_t size) {
        gzip.next_out = reinterpret_cast<Bytef*>(to);
        gzip.avail_out = static_cast<uInt>(size);
        while (gzip.avail_out == size) {
            if (begin == end && !refill()) {
                if (inside)
                    fail(core::Error::truncated, "the gzip stream ends before it is complete", "fetch the file again");
                return 0;
            }
            if (!inside) inflateReset(&gzip);
            inside = true;
            gzip.next_in = input.data() + begin;
            gzip.avail_in = static_cast<uInt>(end - begin);
            const int status = inflate(&gzip, Z_NO_FLUSH);
            begin = end - gzip.avail_in;
            if (status == Z_STREAM_END)
                inside = false;
            else if (status != Z_OK && status != Z_BUF_ERROR)
                fail(core::Error::corrupt, "the gzip stream is damaged", "fetch the file again");
        }
        return size - gzip.avail_out;
    }

    std::size_t read_zstd(char* to, std::size_t size) {
        ZSTD_outBuffer output{to, size, 0};
        while (output.pos == 0) {
            // zstd may hold output back that a full `to` left no room for; it comes without further input.
            if (begin == end && !refill() && !inside) return 0;
            ZSTD_inBuffer source{input.data(), end, begin};
            const auto before = source.pos;
            const auto status = ZSTD_decompressStream(zstd, &output, &source);
            begin = source.pos;
            if (ZSTD_isError(status))
                fail(core::Error::corrupt,
                     std::string{"the zstd stream is damaged ("} + ZSTD_getErrorName(status) + ")",
                     "fetch the file again");
            inside = status != 0;
            if (output.pos == 0 && source.pos == before && end == 0 && inside)
                fail(core::Error::truncated, "the zstd stream ends before it is complete", "fetch the file again");
        }
        return output.pos;
    }
};

ByteSource::ByteSource(std::filesystem::path file) : state_{std::make_unique<State>()} {
    auto& state = *state_;
    state.file = std::move(file);
    state.descriptor = ::open(state.file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (state.descriptor < 0 || ::fstat(state.descriptor, &about) != 0)
        state.fail(core::Error::io, std::string{"cannot open ("} + std::strerror(errno) + ")",
                   "check the path and its permissions");
    if (S_ISDIR(about.st_mode)) state.fail(core::Error::io, "this is a folder, not a capture", "name the files in it");
    state.refill();
    state.packing = packing_of({reinterpret_cast<const char*>(state.input.data()), state.end});
    if (state.packing == Packing::gzip) {
        state.gzip_open = inflateInit2(&state.gzip, 15 + 16) == Z_OK;
        if (!state.gzip_open) throw std::bad_alloc{};
    }
    if (state.packing == Packing::zstd) {
        state.zstd = ZSTD_createDStream();
        if (state.zstd == nullptr) throw std::bad_alloc{};
    }
}

ByteSource::~ByteSource() = default;
ByteSource::ByteSource(ByteSource&&) noexcept = default;
ByteSource& ByteSource::operator=(ByteSource&&) noexcept = default;

std::size_t ByteSource::read(char* to, std::size_t size) {
    switch (state_->packing) {
        case Packing::gzip: return state_->read_gzip(to, size);
        case Packing::zstd: return state_->read_zstd(to, size);
        case Packing::none: break;
    }
    return state_->read_plain(to, size);
}

const std::filesystem::path& ByteSource::file() const noexcept {
    return state_->file;
}

}  // namespace feeds::capture
