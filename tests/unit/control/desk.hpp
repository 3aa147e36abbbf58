// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "control/api.hpp"
#include "unit/scratch_folder.hpp"

namespace vinny {

/// The API over an engine with an empty catalog.
class desk {
 public:
  desk() {
    auto settings = std::make_shared<config>();
    settings->data_dir = folder_.path;
    work_ = engine::open(settings, loop_.get_executor(), "test").value();
    api_ = std::make_unique<control_api>(*work_, tcp_policy{}, [this] { return trouble; });
  }
  desk(desk const&) = delete;
  desk& operator=(desk const&) = delete;
  ~desk() = default;

  server_response ask(std::string method, std::string path,
                      std::map<std::string, std::string> query = {}, header_list headers = {},
                      std::string body = {}) {
    server_request request{.method = std::move(method),
                           .path = std::move(path),
                           .query = std::move(query),
                           .headers = std::move(headers),
                           .body = std::move(body),
                           .from = {}};
    auto future = asio::co_spawn(loop_, api_->handle(std::move(request)), asio::use_future);
    loop_.restart();
    loop_.run();
    return future.get();
  }
  [[nodiscard]] control_api const& api() const { return *api_; }
  std::optional<std::string> trouble;

 private:
  scratch_folder folder_;
  asio::io_context loop_{1};
  std::unique_ptr<engine> work_;
  std::unique_ptr<control_api> api_;
};

}  // namespace vinny
