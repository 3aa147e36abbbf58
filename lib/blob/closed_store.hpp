// SPDX-License-Identifier: MIT
//
// Stands for an S3 store whose keys this user may not read: everything that needs no store works,
// and a step that needs one says what is missing.
#pragma once

#include "blob/object_store.hpp"

namespace vinny {

class closed_store final : public object_store {
 public:
  [[nodiscard]] task<result<stored_object>> put(object_to_put, deadline) override {
    co_return keys_missing();
  }
  [[nodiscard]] task<result<std::optional<stored_object>>> head(std::string, deadline) override {
    co_return keys_missing();
  }

  [[nodiscard]] task<result<>> put_bytes(std::string, std::string, deadline) override {
    co_return keys_missing();
  }
  [[nodiscard]] task<result<std::string>> get(std::string, std::int64_t, deadline) override {
    co_return keys_missing();
  }
  [[nodiscard]] task<result<>> remove(std::string, deadline) override { co_return keys_missing(); }
  [[nodiscard]] task<result<object_listing>> list(std::string, std::string, deadline) override {
    co_return keys_missing();
  }

 private:
  static std::unexpected<failure> keys_missing() {
    return fail(errc::store_credentials,
                "store.kind is \"s3\", but store.access_key_id and store.secret_access_key are not "
                "set: give both, as systemd credentials, as R2_ACCESS_KEY_ID and "
                "R2_SECRET_ACCESS_KEY, or in the configuration");
  }
};

}  // namespace vinny
