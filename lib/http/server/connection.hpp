// SPDX-License-Identifier: MIT
//
// One client's connection: its requests, one after the other, each read whole before the handler
// sees it. What cannot be read is refused, and the connection ends with the refusal.
#pragma once

#include "http/server.hpp"
#include "http/wire/message_reader.hpp"
#include "http/wire/request_head.hpp"

namespace vinny {

struct delivery;

class server_connection {
 public:
  /// `handler` and `limits` are used until serve() has ended.
  server_connection(stream_socket socket, peer from, server_handler const& handler,
                    server_limits const& limits);

  /// Until the client goes, or dawdles, or is refused.
  [[nodiscard]] task<> serve();
  /// Says why there is no place, and goes.
  [[nodiscard]] task<> turn_away();

 private:
  struct asked {
    server_request request;
    request_framing framing;
    int minor_version = 1;
  };
  /// Nothing: it has gone, or was refused.
  [[nodiscard]] task<std::optional<asked>> next_request(std::chrono::seconds patience);
  [[nodiscard]] task<bool> read_body(asked& what);
  [[nodiscard]] task<bool> answer(server_response what, delivery how);
  [[nodiscard]] task<> stream(server_response what, delivery how);
  [[nodiscard]] task<> stream_body(server_response what, delivery how);
  /// Sends the refusal, and reads on for a while: a client that is still sending would be cut off
  /// before it can read it.
  [[nodiscard]] task<> refuse(request_refusal why);
  /// The last answer; what the client still sends is swallowed for a while, so that it reads it.
  [[nodiscard]] task<> send_off(server_response what);
  [[nodiscard]] task<> until_gone();

  waiting_stream stream_;
  message_reader reader_;
  peer from_;
  server_handler const& handler_;
  server_limits const& limits_;
};

}  // namespace vinny
