// SPDX-License-Identifier: MIT
#include "http/server/peer.hpp"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace vinny {
namespace {

/// One exchange with the kernel's socket table.
class socket_table {
 public:
  socket_table()
      : fd_(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG)) {}
  socket_table(socket_table const&) = delete;
  socket_table& operator=(socket_table const&) = delete;
  ~socket_table() {
    if (fd_ >= 0) ::close(fd_);
  }

  /// Who holds the socket; the kernel answers within the call.
  std::optional<uid_t> owner(inet_diag_req_v2 const& what) {
    struct {
      nlmsghdr head;
      inet_diag_req_v2 body;
    } question{};
    question.head.nlmsg_len = sizeof question;
    question.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.head.nlmsg_flags = NLM_F_REQUEST;
    question.body = what;
    if (fd_ < 0 || ::send(fd_, &question, sizeof question, 0) < 0) return std::nullopt;
    std::array<char, 4096> bytes{};
    auto const got = ::recv(fd_, bytes.data(), bytes.size(), 0);
    nlmsghdr head{};
    inet_diag_msg answer{};
    if (got < static_cast<ssize_t>(NLMSG_LENGTH(sizeof answer))) return std::nullopt;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.nlmsg_type != SOCK_DIAG_BY_FAMILY) return std::nullopt;
    std::memcpy(&answer, bytes.data() + NLMSG_HDRLEN, sizeof answer);
    return answer.idiag_uid;
  }

 private:
  int fd_;
};

struct place {
  std::array<__be32, 4> address{};
  __be16 port = 0;
};
place place_of(sockaddr_storage const& from) {
  place out;
  if (from.ss_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &from, sizeof six);
    std::memcpy(out.address.data(), &six.sin6_addr, sizeof six.sin6_addr);
    out.port = six.sin6_port;
  } else {
    sockaddr_in four{};
    std::memcpy(&four, &from, sizeof four);
    out.address[0] = four.sin_addr.s_addr;
    out.port = four.sin_port;
  }
  return out;
}

std::optional<uid_t> owner_of_tcp_peer(int fd) {
  sockaddr_storage here{};
  sockaddr_storage there{};
  socklen_t size = sizeof here;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&here), &size) != 0) return std::nullopt;
  size = sizeof there;
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&there), &size) != 0) return std::nullopt;
  auto const ours = place_of(here);
  auto const theirs = place_of(there);
  inet_diag_req_v2 what{};
  what.sdiag_family = static_cast<__u8>(here.ss_family);
  what.sdiag_protocol = IPPROTO_TCP;
  what.idiag_states = ~0U;
  what.id.idiag_sport = theirs.port;  // their end: what is its source is our peer
  what.id.idiag_dport = ours.port;
  std::memcpy(what.id.idiag_src, theirs.address.data(), sizeof theirs.address);
  std::memcpy(what.id.idiag_dst, ours.address.data(), sizeof ours.address);
  what.id.idiag_cookie[0] = what.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return socket_table{}.owner(what);
}

}  // namespace

peer peer_of(stream_socket& socket) {
  int const fd = socket.native_handle();
  int family = AF_UNIX;
  socklen_t size = sizeof family;
  (void)::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
  if (family != AF_UNIX) return {.tcp = true, .uid = owner_of_tcp_peer(fd)};
  ucred credentials{};
  size = sizeof credentials;
  peer out{.tcp = false, .uid = {}};
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
    out.uid = credentials.uid;
  }
  return out;
}

}  // namespace vinny
