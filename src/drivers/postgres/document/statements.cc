#include "drivers/postgres/document/statements.h"

namespace prism::postgres {

// How long an index stays that nobody goes on making.
#define PRISM_DOCUMENT_LEASE "interval '30 seconds'"

constexpr Statement kDocumentGet(
    "document_get",
    "SELECT json, version FROM documents WHERE collection = "
    "document_collection($1::text, $2::bytea) AND id = $3::bytea AND more = $4::bytea");

constexpr Statement kDocumentPut(
    "document_put",
    "SELECT outcome, now, forbids FROM document_put($1::text, $2::bytea, $3::int8, $4::bytea, "
    "$5::bytea, $6::text::boolean, $7::int8, $8::bytea, $9::text, $10::text::int8[], "
    "$11::bytea[])");

constexpr Statement kDocumentDelete(
    "document_delete",
    "SELECT deleted, now FROM document_delete($1::text, $2::bytea, $3::bytea, $4::bytea, "
    "$5::int8)");

constexpr Statement kDocumentIndexes(
    "document_indexes",
    "SELECT c.generation, x.n, x.name, x.is_unique, x.ready, x.multiple, f.field "
    "FROM document_collections c LEFT JOIN document_indexes x ON x.collection = c.n "
    "LEFT JOIN LATERAL unnest(x.fields) WITH ORDINALITY AS f(field, i) ON true "
    "WHERE c.namespace = $1::text AND c.digest = sha256($2::bytea) ORDER BY x.name, x.n, f.i");

constexpr Statement kDocumentBeginIndex(
    "document_begin_index",
    "SELECT outcome, made FROM document_begin_index($1::text, $2::bytea, $3::bytea, $4::bytea[], "
    "$5::text::boolean, " PRISM_DOCUMENT_LEASE ")");

constexpr Statement kDocumentAdd(
    "document_add",
    "SELECT document_add($1::text, $2::bytea, $3::int8, $4::bytea[], $5::bytea[], "
    "$6::text::int8[], $7::text::int8[], $8::bytea[], " PRISM_DOCUMENT_LEASE ")");

constexpr Statement kDocumentFinishIndex(
    "document_finish_index", "SELECT document_finish_index($1::text, $2::bytea, $3::int8)");

constexpr Statement kDocumentDropIndex(
    "document_drop_index", "SELECT document_drop_index($1::text, $2::bytea, $3::int8, $4::bytea)");

constexpr Statement kDocumentScan(
    "document_scan",
    "SELECT * FROM document_scan($1::text, $2::bytea, $3::int8, $4::text::jsonpath, $5::bytea, "
    "$6::bytea, $7::int8, $8::bytea, $9::int8, $10::int8)");

constexpr Statement kDocumentSorted(
    "document_sorted",
    "SELECT * FROM document_sorted($1::text, $2::bytea, $3::int8, $4::text::jsonpath, "
    "$5::bytea[], $6::text::boolean[], $7::bytea, $8::bytea, $9::bytea, $10::int8, $11::bytea, "
    "$12::bytea, $13::int8, $14::int8)");

constexpr Statement kDocumentAggregate(
    "document_aggregate",
    "SELECT * FROM document_aggregate($1::text, $2::bytea, $3::int8, $4::text::jsonpath, "
    "$5::bytea[], $6::text::int8[], $7::bytea[], $8::int8, $9::bytea, $10::bytea, $11::int8, "
    "$12::int8)");

// A row only if it did something: then there may be more.
constexpr Statement kDocumentSweep("document_sweep",
                                   "SELECT done FROM document_sweep() AS done WHERE done > 0");

#undef PRISM_DOCUMENT_LEASE

}  // namespace prism::postgres
