# SPDX-License-Identifier: MIT
include(GNUInstallDirs)
install(TARGETS vinny vinnyd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES systemd/vinnyd.service systemd/vinnyd.socket DESTINATION lib/systemd/system)
install(FILES systemd/sysusers/vinny.conf DESTINATION lib/sysusers.d)
install(FILES systemd/tmpfiles/vinny.conf DESTINATION lib/tmpfiles.d)
install(FILES README.md LICENSE docs/operations.md docs/configuration.md docs/architecture.md docs/captures.md docs/specimens.md
        docs/library.md docs/urls.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
