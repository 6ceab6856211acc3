package operation

import (
	"testing"

	"orderops/workflow"
	"orderops/workflow/operation/journal"
)

// TestFIFOIsRefused wants every operation to leave FIFO queues alone: the order
// within a group would be lost. The local AWS has none, so that the answers of
// GetQueueAttributes are made here.
func TestFIFOIsRefused(t *testing.T) {
	t.Parallel()
	for name, fifo := range map[string]string{"from": deadURL, "to": orderURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := newQueues(t)
			described := q.described[fifo]
			described.FIFO = true
			q.described[fifo] = described
			q.described[otherURL] = workflow.Queue{Name: "Other", URL: otherURL, ARN: otherURL, FIFO: fifo == orderURL}
			j, err := journal.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			desk := NewDesk(deployment(), q, stopper{}, Options{Journal: j})
			chosen := []workflow.DeadLetter{{Message: workflow.Message{ID: "a", Body: []byte(body)}, Verdict: workflow.Safe}}
			for _, do := range []Verb{Redrive, Delete, CopyTo} {
				if do == Delete && fifo == orderURL {
					continue // nothing goes there
				}
				plan, err := desk.PlanRun(t.Context(), Selection{Do: do, Letters: chosen, To: to(do)})
				if workflow.KindOf(err) != workflow.Refused {
					t.Errorf("a plan to %s: %v", do, err)
				}
				plan.Selection = Selection{Do: do, Letters: chosen, To: to(do), Rate: DefaultRate}
				if fifo == deadURL {
					if _, _, err := desk.Start(t.Context(), plan, nil); workflow.KindOf(err) != workflow.Refused {
						t.Errorf("a %s was started: %v", do, err)
					}
				}
			}
			if fifo == deadURL {
				if _, err := desk.PlanRedriveAll(t.Context(), nil, DefaultRate, ""); workflow.KindOf(err) != workflow.Refused {
					t.Errorf("a plan of a move task: %v", err)
				}
				if _, _, err := desk.RedriveAll(t.Context(), MovePlan{Rate: DefaultRate}, nil); workflow.KindOf(err) != workflow.Refused {
					t.Errorf("a move task was started: %v", err)
				}
			}
			if len(q.calls) != 0 {
				t.Errorf("something was changed: %v", q.calls)
			}
		})
	}
}

const otherURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/Other"

func to(do Verb) string {
	if do == CopyTo {
		return otherURL
	}
	return ""
}
