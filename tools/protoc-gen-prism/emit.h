#pragma once

#include <google/protobuf/io/printer.h>

#include <vector>

#include "contract.h"

namespace prism::generator {

// Abstract classes and stubs of one contract: interfaces/<base_name>.prism.h.
void EmitHeader(const Contract& contract, google::protobuf::io::Printer& out);

// Method tables, dispatchers and stub bodies: interfaces/<base_name>.prism.cc. Interfaces are
// numbered from `first_index`; a negative one leaves them all at -1, outside AllInterfaces().
void EmitSource(const Contract& contract, int first_index, google::protobuf::io::Printer& out);

// The list of all interfaces of a run: interfaces/all.h and interfaces/all.cc.
void EmitListHeader(google::protobuf::io::Printer& out);
void EmitListSource(const std::vector<Contract>& contracts, google::protobuf::io::Printer& out);

// "Task<Status>" or "Stream<...>": what the rpc's function returns.
std::string ReturnType(const Rpc& rpc);
// The parameters of the rpc's function; a line after the first begins with `indent`.
std::string Parameters(const Rpc& rpc, const std::string& indent);
// "prism/interfaces/keyvalue_basic.pb.h".
std::string MessageHeader(const google::protobuf::FileDescriptor& file);

}  // namespace prism::generator
