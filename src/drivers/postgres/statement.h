#pragma once

namespace prism::postgres {

// A statement with parameters, prepared on each connection when it is first used there. A constant:
// connections know it by its address.
struct Statement {
  const char* name;
  const char* sql;

  constexpr Statement(const char* statement_name, const char* text)
      : name(statement_name), sql(text) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
};

}  // namespace prism::postgres
