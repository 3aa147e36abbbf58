// SPDX-License-Identifier: MIT
#include "specimens/source/zip.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>

namespace vinny {
namespace {

constexpr zip_int64_t most_members = 10'000;

struct close_archive {
  void operator()(zip_t* one) const noexcept { ::zip_discard(one); }
};
struct close_member {
  void operator()(zip_file_t* one) const noexcept { ::zip_fclose(one); }
};

class libzip_member final : public byte_source {
 public:
  libzip_member(std::shared_ptr<zip_archive> owner, zip_file_t* file, std::string name,
                zip_stat_t const& about)
      : owner_(std::move(owner)),
        file_(file),
        name_(std::move(name)),
        packed_(static_cast<std::int64_t>(about.comp_size)),
        unpacked_(static_cast<std::int64_t>(about.size)) {}

  result<std::size_t> read(std::span<char> into) override {
    auto const got = ::zip_fread(file_.get(), into.data(), into.size());
    if (got < 0) {
      return fail(errc::bad_archive,
                  fmt::format("{}: the archive is damaged there: {}; fetch it again", name_,
                              ::zip_file_strerror(file_.get())));
    }
    read_ += got;
    return static_cast<std::size_t>(got);
  }
  std::int64_t consumed() const noexcept override {
    if (unpacked_ <= 0) return 0;
    auto const share = static_cast<double>(read_) / static_cast<double>(unpacked_);
    return static_cast<std::int64_t>(static_cast<double>(packed_) * std::min(share, 1.0));
  }
  std::int64_t size() const noexcept override { return packed_; }

 private:
  std::shared_ptr<zip_archive> owner_;
  std::unique_ptr<zip_file_t, close_member> file_;
  std::string name_;
  std::int64_t packed_;
  std::int64_t unpacked_;
  std::int64_t read_ = 0;
};

class libzip final : public zip_archive, public std::enable_shared_from_this<libzip> {
 public:
  libzip(zip_t* archive, std::filesystem::path file) : archive_(archive), file_(std::move(file)) {}

  std::vector<std::string> names() const override {
    std::vector<std::string> out;
    auto const count = std::min(::zip_get_num_entries(archive_.get(), 0), most_members);
    for (zip_int64_t i = 0; i < count; ++i) {
      char const* const name =
          ::zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
      if (name != nullptr) out.emplace_back(name);
    }
    return out;
  }
  result<std::unique_ptr<byte_source>> member(std::string const& name) override {
    zip_stat_t about;
    ::zip_stat_init(&about);
    if (::zip_stat(archive_.get(), name.c_str(), 0, &about) != 0) {
      return fail(errc::not_found, fmt::format("{}: there is no {} in it", file_.string(), name));
    }
    bool const encrypted =
        (about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE;
    auto* const opened = encrypted ? nullptr : ::zip_fopen_index(archive_.get(), about.index, 0);
    if (opened == nullptr) {
      return fail(errc::bad_archive,
                  fmt::format("{}: {} cannot be read: {}", file_.string(), name,
                              encrypted ? "it is encrypted" : ::zip_strerror(archive_.get())));
    }
    return std::make_unique<libzip_member>(shared_from_this(), opened,
                                           fmt::format("{}: {}", file_.string(), name), about);
  }

 private:
  std::unique_ptr<zip_t, close_archive> archive_;
  std::filesystem::path file_;
};

}  // namespace

result<std::shared_ptr<zip_archive>> zip_archive::open(std::filesystem::path const& file) {
  int code = 0;
  auto* const archive = ::zip_open(file.c_str(), ZIP_RDONLY, &code);
  if (archive != nullptr) return std::make_shared<libzip>(archive, file);
  zip_error_t why;
  ::zip_error_init_with_code(&why, code);
  std::string const text = ::zip_error_strerror(&why);
  ::zip_error_fini(&why);
  bool const absent = code == ZIP_ER_NOENT;
  return fail(
      absent ? errc::not_found : errc::bad_archive,
      fmt::format("{}: {}{}", file.string(), text, absent ? "" : "; is the download complete?"));
}

}  // namespace vinny
