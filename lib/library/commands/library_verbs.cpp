// SPDX-License-Identifier: MIT
#include "library/commands/library_verbs.hpp"

#include "command/command_line.hpp"
#include "library/commands/library.hpp"
#include "library/model/partition.hpp"
#include "library/stages/library_job.hpp"

namespace vinny {
namespace {

void add_backfill(command_line& to, CLI::App& library) {
  auto const asked = std::make_shared<backfill_job>();
  auto& backfill = to.add_run(library, "backfill",
                              "Ask the lookup service for artwork of rows that have none", asked);
  backfill.add_option("--batch-size", asked->wish.batch_size, "Rows of a transaction")
      ->check(CLI::Range(1, 10'000));
  backfill
      .add_option("--throttle-ms", asked->wish.throttle_ms, "Between the starts of two lookups")
      ->check(CLI::Range(0, 3'600'000));
  backfill
      .add_option_function<std::string>(
          "--partition",
          [asked](std::string const& text) {
            auto const part = parse_partition(text);
            if (!part) throw CLI::ValidationError{"--partition", part.error().message};
            asked->wish.part = *part;
          },
          "Only rows whose id leaves K when divided by N")
      ->type_name("K/N");
  backfill.add_flag("--recheck", asked->wish.recheck,
                    "Ask again about rows for which there was no artwork");
  backfill.add_flag("--accept-fallback", asked->wish.accept_fallback,
                    "Take what the service thinks is the next best, too");
}

void add_search(command_line& to, CLI::App& library) {
  auto const words = std::make_shared<std::vector<std::string>>();
  auto const limit = std::make_shared<std::size_t>(50);
  auto* const search = library.add_subcommand("search", "Albums by words of artist, title, label");
  search->add_option("text", *words, "What is searched for")->required()->type_name("TEXT");
  search->add_option("--limit", *limit, "How many (50)")->check(CLI::Range(1, 100));
  to.set_action(*search, [words, limit](auto const& settings, invocation const& how) {
    std::string text;
    for (auto const& word : *words) text += (text.empty() ? "" : " ") + word;
    return search_library_here(*settings, how, text, *limit);
  });
}

}  // namespace

void add_library_verbs(command_line& to) {
  auto& library =
      to.add_group("library", "A catalogue of albums: their artwork, and searching in it");
  auto const lists = std::make_shared<import_job>();
  auto& import = to.add_run(
      library, "import", "Take in lists of rows and of artists: CSV with a header, or JSON lines",
      lists, [lists] {
        // A daemon has another working directory.
        for (auto& one : lists->wish.files) {
          one = std::filesystem::absolute(one).string();
        }
      });
  import.add_option("file", lists->wish.files, "The lists")->required()->type_name("FILE…");
  add_backfill(to, library);
  auto const named = std::make_shared<artist_names_job>();
  auto& names = to.add_run(library, "artist-names", "Give every row its artist's name", named);
  names.add_option("--batch-size", named->wish.batch_size, "Rows of a transaction (5000)")
      ->check(CLI::Range(1, 10'000));
  auto* const index = library.add_subcommand(
      "index", "Print the SQL that makes searches in PostgreSQL fast, for psql");
  to.set_action(*index, [](auto const& settings, invocation const&) {
    return show_library_index(*settings);
  });
  add_search(to, library);
}

}  // namespace vinny
