// SPDX-License-Identifier: MIT
//
// What the command prints: data on stdout, everything else on stderr; bars on a terminal only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vinny {

/// The exit codes of the command (README, "Exit codes").
namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int partial = 3;
inline constexpr int try_again = 5;
inline constexpr int no_daemon = 6;
inline constexpr int not_allowed = 7;
inline constexpr int run_active = 8;
inline constexpr int mismatch = 9;
inline constexpr int config = 78;
inline constexpr int cancelled = 130;
}  // namespace exit_code

struct output_options {
  bool json = false;
  bool quiet = false;
  bool no_color = false;
};

/// "vinny: …" on stderr.
void complain(std::string_view message);

/// Shows a run's progress events (proto/openapi.yaml, SSE `progress`): bars that are redrawn on a
/// terminal, a line now and then elsewhere, nothing when quiet or --json.
class progress_view {
 public:
  explicit progress_view(output_options const& options);
  ~progress_view();
  progress_view(progress_view const&) = delete;
  progress_view& operator=(progress_view const&) = delete;
  void show(std::string_view progress_json);
  /// Takes the bars away, so that what follows begins on a clean line.
  void finish();

 private:
  void draw(std::string_view progress_json);
  void tell(std::string_view progress_json);
  /// ", 560/s, 0:00:07 left"
  [[nodiscard]] std::string rate(std::int64_t done, std::int64_t left);

  bool bars_;
  bool lines_;
  bool colour_;
  int drawn_ = 0;  // lines on the terminal
  std::int64_t last_line_at_ = 0;
  std::int64_t began_at_ = 0;
  std::int64_t began_with_ = 0;
};

enum class errors_to_show { first_few, all };

/// Prints the outcome of a run from its document ({"run":…,"errors":[…]}) and gives the exit code.
[[nodiscard]] int report_run(std::string const& document, output_options const& options,
                             errors_to_show show = errors_to_show::first_few);

}  // namespace vinny
