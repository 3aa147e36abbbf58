// SPDX-License-Identifier: MIT
// Carries the tests' precompiled header; catch_main.cpp cannot, since it is Catch's own body.
