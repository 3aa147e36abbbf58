# SPDX-License-Identifier: MIT
# The systems, in the order in which they are told of. Each is a folder of lib/ of that name, whose
# NAME.hpp declares NAME_system and NAME_migrations; CONTRIBUTING.md tells how to add one.
set(VINNY_SYSTEMS
  events
  specimens
  captures
  audit
  library
)
