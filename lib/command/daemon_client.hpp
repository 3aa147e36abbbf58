// SPDX-License-Identifier: MIT
//
// Talks to a daemon over its Unix socket, blocking: the command has nothing else to do meanwhile.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "core/failure.hpp"

namespace vinny {

struct daemon_answer {
  int status = 0;
  std::string body;
};

class daemon_client {
 public:
  explicit daemon_client(std::filesystem::path socket) : socket_(std::move(socket)) {}

  /// Fails with connect_failed, permission_denied, connection_lost or first_byte_timeout.
  [[nodiscard]] result<daemon_answer> call(
      std::string const& method, std::string const& path, std::string const& body = {},
      std::string const& content_type = "application/json") const;
  /// A body piece by piece, until it ends; the answer's status. Fails as call() does, and when
  /// nothing comes for long.
  [[nodiscard]] result<int> stream(
      std::string const& path,
      std::function<void(int status, std::string_view piece)> const& each) const;
  /// Server-sent events, until the stream ends.
  [[nodiscard]] result<> follow(
      std::string const& path,
      std::function<void(std::string_view kind, std::string_view data)> const& each) const;

 private:
  std::filesystem::path socket_;
};

struct found_daemon {
  std::unique_ptr<daemon_client> daemon;  // null: none answers
  std::filesystem::path refused;          // a socket that this user may not use
  std::filesystem::path silent;           // a socket behind which nobody answers
  std::filesystem::path busy;             // one whose daemon has no place for another client
};
/// The daemon that works on this configuration's catalog.
[[nodiscard]] found_daemon find_daemon(config const& settings);

/// Says why a daemon that is there could not be asked. The exit code; nothing: there is none.
[[nodiscard]] std::optional<int> complain_of_daemon(found_daemon const& looked);
/// The same, where the catalog could not be opened: only if a daemon holds it is such a socket its.
[[nodiscard]] std::optional<int> complain_of_daemon(found_daemon const& looked, failure const& why);

}  // namespace vinny
