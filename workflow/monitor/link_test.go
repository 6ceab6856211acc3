package monitor

import (
	"testing"
	"time"

	"orderops/workflow"
	"orderops/workflow/query"
)

// The filter behind the finding of orders that did not start shows those orders.
func TestTheLinkOfOrdersNotStarted(t *testing.T) {
	t.Parallel()
	s := NewStore()
	for _, id := range []workflow.OrderID{"waits", "runs"} {
		s.Apply(Submitted{workflow.Submission{At: day(), OrderID: id, MessageID: workflow.MessageID(id), Outcome: workflow.Done}})
	}
	s.Apply(ExecutionsListed{At: day().Add(time.Minute), Executions: []workflow.Execution{
		{ARN: "arn:runs", Name: "runs", Status: workflow.Running, Started: day()},
	}})
	found := false
	for _, f := range s.Findings(day().Add(time.Minute)) {
		if f.Kind != NotStarted {
			continue
		}
		found = true
		q, err := query.Parse(f.Link.Filter, s.Orders().Columns()...)
		if err != nil {
			t.Fatal(err)
		}
		s.Orders().SetFilter(q, day().Add(time.Minute))
		if s.Orders().Len() != 1 || s.Orders().At(0).ID != "waits" {
			t.Errorf("%q shows %d orders", f.Link.Filter, s.Orders().Len())
		}
	}
	if !found {
		t.Error("the order that did not start is no finding")
	}
}
