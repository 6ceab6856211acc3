package operation_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"orderops/workflow"
	"orderops/workflow/operation"
)

// TestEditAll tells what becomes of each letter, and lets only what our decoder
// accepts go, unless more is asked for.
func TestEditAll(t *testing.T) {
	t.Parallel()
	letters := map[workflow.MessageID]string{"edited": poison, "rejected": `{"data":{}}`, "same": good, "failed": `{"fail":1}`, "text": "not json"}
	var all []workflow.DeadLetter
	for _, id := range slices.Sorted(maps.Keys(letters)) {
		all = append(all, workflow.Judge(workflow.Message{ID: id, Body: []byte(letters[id])}, workflow.Queue{}, workflow.Queue{}))
	}
	edit := func(_ context.Context, body []byte) ([]byte, error) {
		switch string(body) {
		case poison:
			return []byte(good), nil
		case `{"data":{}}`:
			return []byte(`{"data":{"x":1}}`), nil
		case good:
			return body, nil
		case "not json":
			return nil, workflow.CheckJSON(body)
		}
		return nil, errors.New("it fails")
	}
	edits, err := operation.EditAll(t.Context(), all, edit)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := edits.String(), "2 of 5 change, 1 of them accepted by our decoder · 1 unchanged · 1 failed · 1 not JSON"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for i, want := range []string{"edited", "failed: it fails", "rejected: our decoder rejects the new body: data.user_id is missing", "unchanged", "not eligible: not JSON: the body is not JSON"} {
		e := &edits.All[i]
		got := strings.TrimSuffix(e.Outcome()+": "+e.Why(), ": ")
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", e.Letter.ID, got, want)
		}
	}
	for rejected, want := range map[bool][]workflow.MessageID{false: {"edited"}, true: {"edited", "rejected"}} {
		s := edits.Selection(rejected, operation.ByJQ("."))
		if got := slices.Sorted(maps.Keys(s.Edits)); !slices.Equal(got, want) || len(s.Letters) != len(want) || s.Do != operation.Redrive {
			t.Errorf("selected %v, %d letters, want %v", got, len(s.Letters), want)
		}
	}
}

// TestEditAllStops ends with its context, and says how far it was.
func TestEditAllStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	tried := 0
	_, err := operation.EditAll(ctx, make([]workflow.DeadLetter, 3), func(_ context.Context, body []byte) ([]byte, error) {
		if tried++; tried == 2 {
			cancel()
		}
		return body, nil
	})
	if p, ok := errors.AsType[*workflow.Problem](err); !ok || !strings.Contains(p.Reason, "message 2 of 3") || tried != 2 {
		t.Errorf("%v after %d", err, tried)
	}
}
