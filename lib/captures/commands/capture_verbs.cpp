// SPDX-License-Identifier: MIT
#include "captures/commands/capture_verbs.hpp"

#include "captures/commands/captures.hpp"
#include "captures/stages/sync_captures_job.hpp"
#include "command/command_line.hpp"

namespace vinny {

void add_capture_verbs(command_line& to) {
  auto& captures =
      to.add_group("captures", "Single pictures, with thumbnails made when they are wanted");
  auto const added = std::make_shared<capture_arguments>();
  auto* const add = captures.add_subcommand("add", "Add pictures to a collection");
  add->add_option("picture", added->names, "Files, directories or URLs")
      ->required()
      ->type_name("FILE_OR_URL…");
  add->add_option("--collection", added->collection, "The collection (else 'main')")
      ->type_name("NAME");
  to.set_action(*add, [added](auto const& settings, invocation const& how) {
    return add_captures(settings, how, *added);
  });

  auto const synced = std::make_shared<sync_captures_job>();
  auto& sync = to.add_run(captures, "sync",
                          "Bring collections in step with their directory or bucket", synced);
  sync.add_option("collection", synced->collections, "Their names (else all that have a source)")
      ->type_name("COLLECTION…");
  sync.add_flag("--full", synced->full, "Also when a source has no picture any more");

  auto const listed = std::make_shared<capture_arguments>();
  auto* const list = captures.add_subcommand("list", "Captures and where they are, newest first");
  list->add_option("--collection", listed->collection, "Only this one")->type_name("NAME");
  list->add_option("--limit", listed->limit, "How many (50)")->check(CLI::Range(1, 1'000));
  list->add_option("--before", listed->before, "Go on below this id")->type_name("ID");
  to.set_action(*list, [listed](auto const& settings, invocation const& how) {
    return list_captures_here(*settings, how, *listed);
  });
}

}  // namespace vinny
