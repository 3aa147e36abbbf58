// SPDX-License-Identifier: MIT
//
// A copy of artwork in our own store: fetched politely, proved to be an image, made one JPEG
// without metadata, and kept under the digest of its bytes, so that one picture is one object.
#pragma once

#include <boost/asio/thread_pool.hpp>

#include "blob/object_store.hpp"
#include "config/config.hpp"
#include "http/message.hpp"

namespace vinny {

struct mirror_tools {
  config const& settings;
  client& web;
  object_store& store;
  asio::thread_pool& cpu;
};

/// Gives the copy's public address; `stop_requested`: nothing more is tried. Errors: those of the
/// fetch, of inspect() and verify(), and of the store.
[[nodiscard]] task<result<std::string>> mirror_artwork(mirror_tools with, std::string address,
                                                       bool const& stop_requested);

}  // namespace vinny
