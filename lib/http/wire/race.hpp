// SPDX-License-Identifier: MIT
//
// Connecting to a host that has several addresses: the next one is tried when the one before has
// not answered after a moment, and the first that answers is taken.
//
// Source: RFC 8305, sections 4 and 5.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <optional>
#include <vector>

#include "core/failure.hpp"
#include "task/task.hpp"

namespace vinny {

inline constexpr std::chrono::milliseconds between_attempts{250};

using endpoint_list = std::vector<asio::ip::tcp::endpoint>;

/// In the order in which they are tried: `good`, an address that has worked before, comes first;
/// then the families take turns, the first one's first.
[[nodiscard]] endpoint_list attempt_order(endpoint_list addresses,
                                          std::optional<asio::ip::address> const& good);

/// A connected socket. `each`: how long one address may take. Fails with connect_timeout,
/// total_timeout, connect_failed, out_of_descriptors, out_of_memory and cancelled; the message
/// tells the reason alone.
[[nodiscard]] task<result<asio::ip::tcp::socket>> connect_first(endpoint_list addresses,
                                                                std::chrono::milliseconds each,
                                                                deadline limit);

}  // namespace vinny
