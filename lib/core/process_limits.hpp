// SPDX-License-Identifier: MIT
//
// What a program of ours asks of the system for itself, before its first thread.
#pragma once

namespace vinny {

/// As many open files as it may have, since each connection and each file on its way to the disk is
/// one; and an allocator that keeps what images need again and again.
void set_process_limits() noexcept;

/// For a process that draws one picture after another: their planes are taken from the heap, and
/// not mapped, zeroed and unmapped each time (an eighth of the whole work).
void keep_large_buffers() noexcept;

}  // namespace vinny
