package operation_test

import (
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/workflow"
)

// An order is found by its id or its user with one call or two.
func TestFind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSystem(t)
		id := s.send(queueURL, good, nil)
		time.Sleep(time.Minute)
		desk := s.desk(nil)
		calls := 0
		count := func(call local.Call) *wire.Error {
			calls++
			if call.Operation == "Scan" || call.Operation == "ListExecutions" {
				return &wire.Error{Status: 500, Type: "InternalServerError"} // lists are not looked through
			}
			return nil
		}
		s.intercept.Store(&count)
		for _, c := range []struct {
			what  string
			calls int
			rows  int
		}{{id, 1, 0}, {" " + id + " ", 1, 0}, {"Burger_20", 2, 1}} {
			calls = 0
			found, err := desk.Find(t.Context(), c.what)
			if err != nil || calls != c.calls || len(found.Rows) != c.rows || found.More {
				t.Errorf("%q: %+v, %v after %d calls, want %d", c.what, found, err, calls, c.calls)
			}
			if c.rows == 0 && (found.Execution == nil || string(found.Execution.OrderID()) != id) {
				t.Errorf("%q: execution %+v", c.what, found.Execution)
			}
		}
		for what, want := range map[string]workflow.ProblemKind{"nobody": workflow.NotFound, "  ": workflow.Invalid, "a:b/c d": workflow.NotFound} {
			if found, err := desk.Find(t.Context(), what); workflow.KindOf(err) != want {
				t.Errorf("%q: %+v, %v", what, found, err)
			}
		}
	})
}
