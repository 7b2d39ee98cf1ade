#include "pipeline/flow/journal_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace pipeline {

JournalReader::JournalReader(const std::filesystem::path& directory, std::string stem)
    : directory_{directory}, stem_{std::move(stem)} {
    if (!open(0))
        throw std::runtime_error{
            fmt::format("journal {}: {} at byte {} of {}; expected {}-000000.journal as written by `omega run "
                        "--journal DIR` or `omega replay --journal DIR`",
                        directory_.string(), end_.reason, end_.offset, end_.file.string(), stem_)};
}

JournalReader::~JournalReader() {
    unmap();
}

void JournalReader::unmap() noexcept {
    if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
    data_ = nullptr;
    size_ = position_ = 0;
}

void JournalReader::stop(JournalEnd::Kind kind, std::string reason) {
    done_ = true;
    end_.kind = kind;
    end_.offset = position_;
    end_.reason = std::move(reason);
}

bool JournalReader::open(std::uint32_t segment) {
    unmap();
    const auto path = directory_ / fmt::format("{}-{:06}.journal", stem_, segment);
    end_.file = path;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        stop(errno == ENOENT && segment > 0 ? JournalEnd::Kind::whole : JournalEnd::Kind::corrupt,
             segment > 0 && errno == ENOENT ? "" : std::strerror(errno));
        return false;
    }
    struct stat status {};
    ::fstat(file, &status);
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ < segment_header_bytes) {
        ::close(file);
        position_ = size_;
        size_ = 0;
        stop(JournalEnd::Kind::torn, "header is cut short");
        return false;
    }
    void* data = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    ::close(file);
    if (data == MAP_FAILED) {
        size_ = 0;
        stop(JournalEnd::Kind::corrupt, std::strerror(errno));
        return false;
    }
    ::madvise(data, size_, MADV_SEQUENTIAL);
    data_ = static_cast<const std::byte*>(data);
    SegmentHeader header;
    std::memcpy(&header, data_, sizeof header);
    if (segment > 0 && header.magic == std::array<char, 8>{}) {
        stop(JournalEnd::Kind::torn, "");  // reserved ahead, not begun: the normal end after a kill
        return false;
    }
    if (!header_intact(header) || header.segment != segment || header.first_index != index_ + 1) {
        stop(JournalEnd::Kind::corrupt, "header is damaged or of another version");
        return false;
    }
    if (segment == 0) header_ = header;
    if (header.epoch != header_.epoch) {
        stop(JournalEnd::Kind::corrupt, "segment belongs to another run");
        return false;
    }
    segment_ = segment;
    position_ = segment_header_bytes;
    return true;
}

const void* JournalReader::next() noexcept {
    if (done_) return nullptr;
    if (position_ + 64 > size_) {
        if (position_ != size_) {
            stop(JournalEnd::Kind::torn, "last record is cut short");
            return nullptr;
        }
        if (!open(segment_ + 1)) return nullptr;
        return next();
    }
    const void* record = data_ + position_;
    position_ += 64;
    ++index_;
    end_.records = index_;
    return record;
}

void JournalReader::reject(core::Error why) noexcept {
    position_ -= 64;
    --index_;
    end_.records = index_;
    if (why == core::Error::truncated)
        stop(JournalEnd::Kind::torn, "");  // reserved, never written: the normal end after a kill
    else
        stop(JournalEnd::Kind::corrupt, "record fails its check");
}

}  // namespace pipeline
