package sqs

import (
	"errors"
	"net/http"
	"strings"

	"orderops/aws/local/wire"
)

// maxBatch is the most entries of a batch.
const maxBatch = 10

// batchResult answers a batch. It is a success even when every entry failed.
// AWS leaves out the list that is empty.
type batchResult[T any] struct {
	Successful []T           `json:",omitempty"`
	Failed     []failedEntry `json:",omitempty"`
}

type failedEntry struct {
	Id          string
	SenderFault bool
	Code        string
	Message     string
}

func newBatchResult[T any]() *batchResult[T] { return &batchResult[T]{} }

func (r *batchResult[T]) fail(id string, err error) {
	failed := failedEntry{Id: id, Code: "InternalError", Message: err.Error()}
	if e, ok := errors.AsType[*wire.Error](err); ok {
		failed.SenderFault = e.HTTPStatus() < http.StatusInternalServerError
		failed.Code, failed.Message = e.QueryCode, e.Message
	}
	r.Failed = append(r.Failed, failed)
}

// checkEntries applies the rules that fail a batch as a whole.
func checkEntries[E any](shape string, entries []E, id func(*E) string) error {
	if len(entries) == 0 {
		return refused(http.StatusBadRequest, "EmptyBatchRequest", "There should be at least one %s in the request.", shape)
	}
	if n := len(entries); n > maxBatch {
		return refused(http.StatusBadRequest, "TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, n)
	}
	seen := make(map[string]bool)
	for i := range entries {
		name := id(&entries[i])
		if name == "" || len(name) > 80 || strings.IndexFunc(name, func(r rune) bool { return !nameRune(r) }) >= 0 {
			return refused(http.StatusBadRequest, "InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		if seen[name] {
			return refused(http.StatusBadRequest, "BatchEntryIdsNotDistinct", "Id %s repeated.", name)
		}
		seen[name] = true
	}
	return nil
}
