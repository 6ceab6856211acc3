package sqs

import (
	"net/http"
	"time"

	"orderops/aws/local/wire"
)

// maxBatch is the most entries of a batch.
const maxBatch = 10

// entry is one request of a batch.
type entry interface {
	id() string
	// size counts against the limit of the whole batch, in bytes.
	size() int
}

type batchInput[E any] struct {
	queueInput
	Entries []E
}

// batchResult answers a batch. It is a success even when every entry failed.
// AWS leaves out the list that is empty.
type batchResult[Out any] struct {
	Successful []Out         `json:",omitempty"`
	Failed     []failedEntry `json:",omitempty"`
}

type failedEntry struct {
	Id          string
	SenderFault bool
	Code        string
	Message     string
}

// batch is the operation f on every entry of a batch; shape is AWS's name of an
// entry.
func batch[E, Out any, P interface {
	*E
	entry
}](s *Service, shape string, f func(*queue, *E, time.Time) (Out, error)) wire.Operation {
	return onQueue(s, func(q *queue, in *batchInput[E], now time.Time) (*batchResult[Out], error) {
		entries := make([]entry, len(in.Entries))
		for i := range in.Entries {
			entries[i] = P(&in.Entries[i])
		}
		if err := checkEntries(shape, entries); err != nil {
			return nil, err
		}
		result := new(batchResult[Out])
		for i := range in.Entries {
			if out, err := f(q, &in.Entries[i], now); err != nil {
				result.Failed = append(result.Failed, failed(entries[i].id(), err))
			} else {
				result.Successful = append(result.Successful, out)
			}
		}
		return result, nil
	})
}

// checkEntries applies the rules that fail a batch as a whole.
func checkEntries(shape string, entries []entry) error {
	if len(entries) == 0 {
		return batchError("EmptyBatchRequest", "There should be at least one %s in the request.", shape)
	}
	if n := len(entries); n > maxBatch {
		return batchError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxBatch, n)
	}
	seen := make(map[string]bool)
	total := 0
	for _, e := range entries {
		if !plainName.MatchString(e.id()) {
			return batchError("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		if seen[e.id()] {
			return batchError("BatchEntryIdsNotDistinct", "Id %s repeated.", e.id())
		}
		seen[e.id()] = true
		total += e.size()
	}
	if total > maxRequest {
		return batchError("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxRequest, total)
	}
	return nil
}

func batchError(name, format string, args ...any) error {
	return refused(http.StatusBadRequest, name, queryCode+name, format, args...)
}

func failed(id string, err error) failedEntry {
	e := wire.ErrorOf(err)
	return failedEntry{Id: id, SenderFault: e.Fault() == "Sender", Code: e.QueryCode, Message: e.Message}
}
