#include "drivers/postgres/libpq.h"

#include <dlfcn.h>

#include <cstdlib>
#include <string>

// libpq comes with thirty libraries, among them those of LDAP and Kerberos: 3 MB of memory and 3 ms
// of each start, which only those shall pay for who have a Postgres. So it is not linked, but its
// functions are defined here and call those of the library once it is loaded.

namespace prism::postgres {
namespace {

constexpr const char* kLibrary = "libpq.so.5";

void* Library() {
  static void* const kLoaded = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  return kLoaded;
}

void* Symbol(const char* name) {
  void* const found = Library() ? dlsym(Library(), name) : nullptr;
  if (!found) std::abort();  // LoadLibpq has not been asked, or has said so
  return found;
}

}  // namespace
}  // namespace prism::postgres

#define PRISM_FORWARD(result, name, parameters, arguments)                      \
  result name parameters {                                                      \
    static auto* const target =                                                 \
        reinterpret_cast<result(*) parameters>(prism::postgres::Symbol(#name)); \
    return target arguments;                                                    \
  }

extern "C" {

PRISM_FORWARD(PGconn*, PQconnectStartParams,
              (const char* const* keywords, const char* const* values, int expand),
              (keywords, values, expand))
PRISM_FORWARD(PostgresPollingStatusType, PQconnectPoll, (PGconn * conn), (conn))
PRISM_FORWARD(int, PQconnectionNeedsPassword, (const PGconn* conn), (conn))
PRISM_FORWARD(int, PQconnectionUsedPassword, (const PGconn* conn), (conn))
PRISM_FORWARD(PQconninfoOption*, PQconninfoParse, (const char* text, char** error), (text, error))
PRISM_FORWARD(void, PQconninfoFree, (PQconninfoOption * options), (options))
PRISM_FORWARD(void, PQfreemem, (void* memory), (memory))
PRISM_FORWARD(void, PQfinish, (PGconn * conn), (conn))
PRISM_FORWARD(ConnStatusType, PQstatus, (const PGconn* conn), (conn))
PRISM_FORWARD(char*, PQerrorMessage, (const PGconn* conn), (conn))
PRISM_FORWARD(int, PQsocket, (const PGconn* conn), (conn))
PRISM_FORWARD(PQnoticeProcessor, PQsetNoticeProcessor,
              (PGconn * conn, PQnoticeProcessor processor, void* argument),
              (conn, processor, argument))

PRISM_FORWARD(PQnoticeReceiver, PQsetNoticeReceiver,
              (PGconn * conn, PQnoticeReceiver receiver, void* argument),
              (conn, receiver, argument))
PRISM_FORWARD(int, PQsetnonblocking, (PGconn * conn, int nonblocking), (conn, nonblocking))
PRISM_FORWARD(int, PQenterPipelineMode, (PGconn * conn), (conn))
PRISM_FORWARD(int, PQpipelineSync, (PGconn * conn), (conn))
PRISM_FORWARD(int, PQsendQuery, (PGconn * conn, const char* query), (conn, query))
PRISM_FORWARD(int, PQsendPrepare,
              (PGconn * conn, const char* name, const char* query, int count, const Oid* types),
              (conn, name, query, count, types))
PRISM_FORWARD(int, PQsendQueryPrepared,
              (PGconn * conn, const char* name, int count, const char* const* values,
               const int* lengths, const int* formats, int result_format),
              (conn, name, count, values, lengths, formats, result_format))
PRISM_FORWARD(int, PQflush, (PGconn * conn), (conn))
PRISM_FORWARD(int, PQconsumeInput, (PGconn * conn), (conn))
PRISM_FORWARD(int, PQisBusy, (PGconn * conn), (conn))
PRISM_FORWARD(PGresult*, PQgetResult, (PGconn * conn), (conn))
PRISM_FORWARD(PGnotify*, PQnotifies, (PGconn * conn), (conn))

PRISM_FORWARD(PGcancel*, PQgetCancel, (PGconn * conn), (conn))
PRISM_FORWARD(void, PQfreeCancel, (PGcancel * cancel), (cancel))
PRISM_FORWARD(int, PQcancel, (PGcancel * cancel, char* error, int size), (cancel, error, size))

PRISM_FORWARD(ExecStatusType, PQresultStatus, (const PGresult* result), (result))
PRISM_FORWARD(char*, PQresultErrorMessage, (const PGresult* result), (result))
PRISM_FORWARD(char*, PQresultErrorField, (const PGresult* result, int field), (result, field))
PRISM_FORWARD(int, PQntuples, (const PGresult* result), (result))
PRISM_FORWARD(int, PQgetisnull, (const PGresult* result, int row, int column),
              (result, row, column))
PRISM_FORWARD(int, PQgetlength, (const PGresult* result, int row, int column),
              (result, row, column))
PRISM_FORWARD(char*, PQgetvalue, (const PGresult* result, int row, int column),
              (result, row, column))
PRISM_FORWARD(char*, PQcmdTuples, (PGresult * result), (result))
PRISM_FORWARD(void, PQclear, (PGresult * result), (result))

}  // extern "C"

#undef PRISM_FORWARD

namespace prism::postgres {

Status LoadLibpq() {
  if (Library()) return OkStatus();
  const char* const reason = dlerror();
  return FailedPreconditionError("the driver 'postgres' needs " + std::string(kLibrary) + ": " +
                                 (reason ? reason : "it cannot be loaded"))
      .WithHint("install Debian's libpq5, or what your system calls it");
}

}  // namespace prism::postgres
