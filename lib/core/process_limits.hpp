// SPDX-License-Identifier: MIT
//
// What a program of ours asks of the system for itself, before its first thread.
#pragma once

namespace vinny {

/// As many open files as it may have, since each connection and each file on its way to the disk is
/// one; and an allocator that keeps what images need again and again.
void set_process_limits() noexcept;

}  // namespace vinny
