// SPDX-License-Identifier: MIT
//
// Whose turn it is: hosts with pending images, one after the other. Of each host a short stock of
// images is read ahead from the catalog's work list; one that has its hands full, rests, or has
// nothing costs the others nothing; those in quarantine come last. Pure but for its memory.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "specimens/tables/specimen_work.hpp"

namespace vinny {

class specimen_hosts {
 public:
  /// How many images of a host may be in hand at once.
  using room_of = std::function<std::size_t(std::string const& host)>;
  specimen_hosts(std::vector<specimen_host> const& all, room_of room);

  /// What is to be read ahead of a host: up to `limit` images behind `after`.
  struct wish {
    std::int64_t host = 0;
    std::int64_t after = 0;  // a specimen_images.id
    std::size_t limit = 0;
  };
  [[nodiscard]] std::vector<wish> wishes(std::int64_t now_ms);
  /// Answers a wish; fewer than its limit: there are no more. `done`: what has been done with since
  /// it was read, and does not count.
  void stock(wish const& wanted, std::vector<specimen_job> found,
             std::function<bool(specimen_job const&)> const& done = {});

  /// The next image in turn, into somebody's hand.
  [[nodiscard]] std::optional<specimen_job> take(std::int64_t now_ms);
  /// The same for one that is not from a stock. False: its host has its hands full, or rests.
  [[nodiscard]] bool take(specimen_job const& again, std::int64_t now_ms);
  /// Out of the hand again.
  void released(specimen_job const& job);
  /// The host wants to be left alone; the image, which is in hand, comes first after that.
  void put_back(specimen_job job, std::int64_t until_ms);
  void rest(std::int64_t host, std::int64_t until_ms);

  /// Images that were passed by are pending again: the stocks are read anew, from the beginning.
  void read_again(std::vector<specimen_host> const& all);

  /// Who is in quarantine from now on, and nobody else.
  void quarantine(std::vector<std::string> const& hosts);

  /// A host rests no longer than that, by its name, in milliseconds since the epoch: somebody may
  /// have released it.
  void rests_end_early(std::function<std::int64_t(std::string const& host)> const& until_ms);

  /// When the first rest of any host ends.
  [[nodiscard]] std::optional<std::int64_t> first_rest_ends() const;
  /// When the first resting host that has images may be asked; nothing: no such host.
  [[nodiscard]] std::optional<std::int64_t> next_rest_ends(std::int64_t now_ms) const;
  /// A host that is not resting may have images that are in nobody's hand.
  [[nodiscard]] bool any_open(std::int64_t now_ms) const;
  [[nodiscard]] std::size_t in_hand() const noexcept { return in_hand_; }
  /// Of all hosts, at most `most`.
  [[nodiscard]] std::size_t room(std::size_t most) const;

 private:
  struct host {
    std::string name;
    std::size_t room = 1;
    std::deque<specimen_job> stock;
    std::int64_t read_to = 0;  // what lies behind it in the catalog has not been read
    bool all_read = false;
    std::size_t in_hand = 0;
    std::set<std::int64_t> hands;  // the images that are
    std::int64_t rests_ms = 0;     // not before
    bool in_line = false;
    bool last = false;  // in quarantine

    [[nodiscard]] bool has_more() const noexcept { return !stock.empty() || !all_read; }
  };
  void line_up(std::int64_t id, host& one);
  void stop_resting(std::int64_t now_ms);
  [[nodiscard]] std::optional<specimen_job> take_from(std::deque<std::int64_t>& line,
                                                      std::int64_t now_ms);

  room_of room_;
  std::size_t ahead_;  // images in a full stock
  std::map<std::int64_t, host> hosts_;
  std::deque<std::int64_t> line_;                          // hosts that may be served, in turn
  std::deque<std::int64_t> last_line_;                     // the same, of those in quarantine
  std::set<std::int64_t> hungry_;                          // whose stock runs low
  std::set<std::pair<std::int64_t, std::int64_t>> rests_;  // until when, and who
  std::size_t in_hand_ = 0;
};

}  // namespace vinny
