#pragma once

#include "drivers/contract/optimistic_transactions.h"

namespace prism::redis {

// What the workers of this gateway share about one namespace beside the server's data.
struct NamespaceState {
  Transactions transactions;
};

}  // namespace prism::redis
