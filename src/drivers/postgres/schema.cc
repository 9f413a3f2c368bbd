#include "drivers/postgres/schema.h"

#include <array>

#include "drivers/postgres/document/schema.h"
#include "drivers/postgres/graph/schema.h"
#include "drivers/postgres/keyvalue/schema.h"
#include "drivers/postgres/notify.h"
#include "drivers/postgres/pubsub/schema.h"
#include "drivers/postgres/queue/schema.h"
#include "drivers/postgres/stream/schema.h"
#include "drivers/postgres/timeseries/schema.h"

namespace prism::postgres {

std::span<const std::string_view> Migrations() {
  static const std::array kMigrations{
      kKeyValueSchema,       kNotifySchema, kPubSubSchema,   kTimeSeriesSchema, kTimeSeriesReads,
      kTimeSeriesAggregates, kQueueSchema,  kQueueFunctions, kDocumentSchema,   kDocumentReadSchema,
      kGraphSchema,          kStreamSchema, kStreamGroups,
  };
  return kMigrations;
}

}  // namespace prism::postgres
