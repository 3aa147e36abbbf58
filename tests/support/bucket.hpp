// SPDX-License-Identifier: MIT
//
// A bucket at a server of the test's, with everything under it, on a loop of its own.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "blob/s3/s3_store.hpp"
#include "config/config.hpp"
#include "core/digest.hpp"
#include "support/loopback_server.hpp"
#include "unit/scratch_folder.hpp"

namespace vinny::test {

[[nodiscard]] inline store_config at_loopback(loopback_server const& server) {
  store_config out;
  out.kind = "s3";
  out.endpoint = "http://" + server.address() + "/s3";
  out.bucket = "images";
  out.access_key_id = secret{"AKIDTEST"};
  out.secret_access_key = secret{"secret-of-the-test"};
  return out;
}

class bucket {
 public:
  explicit bucket(store_config with, multipart_limits parts = {})
      : settings(std::move(with)),
        dns(loop.get_executor()),
        tls({}),
        dial(dns, tls, http, false),
        client(settings, http, s3_address::from(settings).value(), "vinny-tests", dial),
        store(client, cpu, parts) {}
  bucket(bucket const&) = delete;
  bucket& operator=(bucket const&) = delete;
  ~bucket() { cpu.join(); }

  [[nodiscard]] static http_config quick() {
    using namespace std::chrono_literals;
    http_config out;
    out.resolve_timeout = out.connect_timeout = 5s;
    out.first_byte_timeout = out.stall_timeout = 2s;
    out.total_timeout = 5s;
    return out;
  }

  /// Runs tasks side by side to their ends.
  template <class T>
  std::vector<T> wait_all(std::vector<task<T>> what) {
    std::vector<std::optional<T>> kept(what.size());
    for (std::size_t i = 0; i < what.size(); ++i) {
      asio::co_spawn(loop, std::move(what[i]), [&kept, i](std::exception_ptr error, T got) {
        if (error) std::rethrow_exception(error);
        kept[i] = std::move(got);
      });
    }
    loop.restart();
    loop.run();
    std::vector<T> out;
    for (auto& one : kept) out.push_back(std::move(one.value()));
    return out;
  }
  template <class T>
  T wait(task<T> what) {
    std::vector<task<T>> one;
    one.push_back(std::move(what));
    return std::move(wait_all(std::move(one)).front());
  }

  /// A file with that content, as an object to put.
  object_to_put file(std::string const& key, std::string const& content, bool known = false) {
    auto const path = folder.path / ("f" + std::to_string(files_++));
    put_content(path, content);
    return {.key = key,
            .file = path,
            .bytes = static_cast<std::int64_t>(content.size()),
            .sha256 = sha256_hex(content),
            .known = known};
  }
  result<stored_object> put(object_to_put what) {
    return wait(store.put(std::move(what), no_deadline));
  }

  store_config settings;
  http_config http = quick();
  scratch_folder folder;
  asio::io_context loop{1};
  asio::thread_pool cpu{2};
  dns_cache dns;
  tls_context tls;
  dialer dial;
  s3_client client;
  s3_store store;

 private:
  int files_ = 0;
};

}  // namespace vinny::test
