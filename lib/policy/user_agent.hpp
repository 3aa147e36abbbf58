// SPDX-License-Identifier: MIT
//
// How we introduce ourselves (RFC 9110, section 10.1.5): who we are and whom to write to.
#pragma once

#include <string>
#include <string_view>

namespace vinny {

/// The product token: in the User-Agent header and in robots.txt (RFC 9309, section 2.2.1).
inline constexpr std::string_view robots_product = "vinny";

/// "vinny/0.1.0 (ops@example.org)", "vinny/0.1.0 (+https://example.org/bot)", or both parts of
/// a contact such as "https://example.org/bot; ops@example.org". Without a contact, the product
/// alone. What could break the header or its comment is taken out.
[[nodiscard]] std::string user_agent(std::string_view contact);

}  // namespace vinny
