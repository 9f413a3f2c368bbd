#include "drivers/postgres/schema.h"

#include <array>

#include "drivers/postgres/keyvalue/schema.h"
#include "drivers/postgres/queue/schema.h"

namespace prism::postgres {

std::span<const std::string_view> Migrations() {
  static const std::array kMigrations{
      kKeyValueSchema,
      kQueueSchema,
      kQueueFunctions,
  };
  return kMigrations;
}

}  // namespace prism::postgres
