#pragma once

#include "config/load.h"

namespace prism {

// The drivers that are part of this program, as loading a configuration sees them.
DriverCatalog CatalogOfDrivers();

}  // namespace prism
