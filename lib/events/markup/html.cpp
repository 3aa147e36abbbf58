// SPDX-License-Identifier: MIT
#include "events/markup/html.hpp"

#include <gumbo.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdlib>
#include <new>
#include <utility>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_text = 64 << 10;
constexpr int max_text_nodes = 50'000;
constexpr int max_parse_seconds = 10;  // of this thread's own time; pages take milliseconds

long thread_seconds() noexcept {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec;
}

/// gumbo's memory: counted, and freed as a list, because gumbo's own destructor recurses and it
/// cannot handle an allocation that fails. Its own time is limited here too, as the last guard
/// against pages that make it quadratic.
struct heap {
  struct block {
    block* before = nullptr;
    block* after = nullptr;
    std::size_t size = 0;
    std::size_t padding = 0;
  };
  block* first = nullptr;
  std::size_t used = 0;
  std::size_t budget = 0;
  unsigned calls = 0;
  long deadline = 0;
  std::jmp_buf exhausted{};

  explicit heap(std::size_t limit)
      : budget(limit), deadline(thread_seconds() + max_parse_seconds) {}
  heap(heap const&) = delete;
  heap& operator=(heap const&) = delete;
  ~heap() {
    while (first != nullptr) std::free(std::exchange(first, first->after));
  }

  static void* allocate(void* self, std::size_t size) {
    auto& h = *static_cast<heap*>(self);
    bool const late = (++h.calls % 1024) == 0 && thread_seconds() > h.deadline;
    bool const refused = late || size > h.budget - h.used;
    auto* const raw = refused ? nullptr : std::malloc(sizeof(block) + size);
    // Only C frames of gumbo lie between here and setjmp.
    if (raw == nullptr) std::longjmp(h.exhausted, 1);
    auto* const made = new (raw) block{nullptr, h.first, size, 0};
    if (h.first != nullptr) h.first->before = made;
    h.first = made;
    h.used += size;
    return made + 1;
  }
  static void release(void* self, void* memory) {
    if (memory == nullptr) return;
    auto& h = *static_cast<heap*>(self);
    auto* const gone = static_cast<block*>(memory) - 1;
    (gone->before != nullptr ? gone->before->after : h.first) = gone->after;
    if (gone->after != nullptr) gone->after->before = gone->before;
    h.used -= gone->size;
    std::free(gone);
  }
};

GumboOutput* parse_within(heap& memory, GumboOptions const& options, std::string const& html) {
  if (setjmp(memory.exhausted) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html.data(), html.size());
}

bool is_element(GumboNode const* n) noexcept {
  return n->type == GUMBO_NODE_ELEMENT || n->type == GUMBO_NODE_TEMPLATE;
}

GumboVector const* children_of(GumboNode const* n) noexcept {
  if (is_element(n)) return &n->v.element.children;
  return n->type == GUMBO_NODE_DOCUMENT ? &n->v.document.children : nullptr;
}

/// The next node of any kind in document order within `scope`.
GumboNode const* next_node(GumboNode const* n, GumboNode const* scope, bool inside) noexcept {
  auto const* const below = inside ? children_of(n) : nullptr;
  if (below != nullptr && below->length > 0) return static_cast<GumboNode const*>(below->data[0]);
  while (n != nullptr && n != scope) {
    auto const* const siblings = n->parent == nullptr ? nullptr : children_of(n->parent);
    if (siblings == nullptr) return nullptr;
    auto const at = n->index_within_parent + 1;
    if (at < siblings->length) return static_cast<GumboNode const*>(siblings->data[at]);
    n = n->parent;
  }
  return nullptr;
}

bool is_inline(GumboTag tag) noexcept {
  constexpr std::array tags{GUMBO_TAG_A,     GUMBO_TAG_ABBR, GUMBO_TAG_B,      GUMBO_TAG_EM,
                            GUMBO_TAG_FONT,  GUMBO_TAG_I,    GUMBO_TAG_MARK,   GUMBO_TAG_S,
                            GUMBO_TAG_SMALL, GUMBO_TAG_SPAN, GUMBO_TAG_STRONG, GUMBO_TAG_SUB,
                            GUMBO_TAG_SUP,   GUMBO_TAG_U,    GUMBO_TAG_TIME,   GUMBO_TAG_WBR};
  return std::ranges::find(tags, tag) != tags.end();
}

bool is_silent(GumboTag tag) noexcept {
  return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_NOSCRIPT ||
         tag == GUMBO_TAG_TEMPLATE;
}

bool is_menu(GumboTag tag) noexcept {
  return tag == GUMBO_TAG_NAV || tag == GUMBO_TAG_FOOTER;
}

bool is_text(GumboNode const* n) noexcept {
  return n->type == GUMBO_NODE_TEXT || n->type == GUMBO_NODE_CDATA ||
         n->type == GUMBO_NODE_WHITESPACE;
}

}  // namespace

std::string_view html_node::tag() const noexcept {
  return node_ == nullptr ? "" : gumbo_normalized_tagname(node_->v.element.tag);
}

bool html_node::has_attribute(std::string_view name) const noexcept {
  if (node_ == nullptr) return false;
  auto const& list = node_->v.element.attributes;
  for (unsigned i = 0; i < list.length; ++i) {
    if (iequals(static_cast<GumboAttribute const*>(list.data[i])->name, name)) return true;
  }
  return false;
}

std::string_view html_node::attribute(std::string_view name) const noexcept {
  if (node_ == nullptr) return {};
  auto const& list = node_->v.element.attributes;
  for (unsigned i = 0; i < list.length; ++i) {
    auto const* const a = static_cast<GumboAttribute const*>(list.data[i]);
    if (iequals(a->name, name)) return trim(a->value);
  }
  return {};
}

bool html_node::has_class(std::string_view name) const noexcept {
  auto rest = attribute("class");
  while (!rest.empty()) {
    auto const end = std::min(rest.find_first_of(" \t\n\r\f"), rest.size());
    if (iequals(rest.substr(0, end), name)) return true;
    rest = trim(rest.substr(end));
  }
  return false;
}

html_node html_node::next(html_node scope, bool inside) const noexcept {
  if (node_ == nullptr) return {};
  auto const* n = next_node(node_, scope.node_, inside);
  while (n != nullptr && !is_element(n)) n = next_node(n, scope.node_, true);
  return html_node{n};
}

std::string html_node::text(menus keep) const {
  std::string out;
  if (node_ == nullptr) return out;
  int nodes = 0;
  for (auto const* n = next_node(node_, node_, true);
       n != nullptr && out.size() < max_text && ++nodes < max_text_nodes;) {
    bool inside = true;
    if (is_text(n)) {
      out += n->v.text.text;
    } else if (is_element(n)) {
      auto const tag = n->v.element.tag;
      inside = !is_silent(tag) && !(keep == menus::skipped && is_menu(tag));
      if (!is_inline(tag)) out += ' ';
    }
    auto const* const after = next_node(n, node_, inside);
    // Leaving a block separates words as entering one does.
    if (after != nullptr && after->parent != n && after->parent != n->parent) {
      for (auto const* up = n->parent; up != nullptr && up != after->parent && up != node_;
           up = up->parent) {
        if (is_element(up) && !is_inline(up->v.element.tag)) {
          out += ' ';
          break;
        }
      }
    } else if (is_element(n) && !is_inline(n->v.element.tag)) {
      out += ' ';
    }
    n = after;
  }
  return squeeze(clip(out, max_text));
}

std::string html_node::script_text() const {
  std::string out;
  if (node_ == nullptr) return out;
  for (auto const* n = next_node(node_, node_, true); n != nullptr; n = next_node(n, node_, true)) {
    if (is_text(n)) out += n->v.text.text;
  }
  return out;
}

struct html_document::state {
  std::string html;  // gumbo points into it
  heap memory;
  GumboOutput* output = nullptr;

  explicit state(std::string text)
      : html(std::move(text)), memory((std::size_t{32} << 20) + html.size() * 24) {}
};

html_document::html_document(std::unique_ptr<state> s) noexcept : state_(std::move(s)) {}
html_document::~html_document() = default;
html_document::html_document(html_document&&) noexcept = default;
html_document& html_document::operator=(html_document&&) noexcept = default;

result<html_document> html_document::parse(std::string_view bytes) {
  auto made = std::make_unique<state>(valid_utf8(bytes));
  if (auto const checked = check_html_nesting(made->html); !checked) {
    return std::unexpected(checked.error());
  }
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = heap::allocate;
  options.deallocator = heap::release;
  options.userdata = &made->memory;
  options.max_errors = 0;
  made->output = parse_within(made->memory, options, made->html);
  if (made->output == nullptr || made->output->root == nullptr) {
    return fail(errc::bad_html,
                "the page's HTML needs more memory or time than its size justifies");
  }
  return html_document{std::move(made)};
}

html_node html_document::root() const noexcept {
  return html_node{state_->output->root};
}

}  // namespace vinny
