package monitor

import (
	"fmt"
	"testing"
	"time"

	"orderops/workflow"
)

// filled is a store with n executions and their rows.
func filled(n int) *Store {
	s := NewStore()
	page := make([]workflow.Execution, n)
	rows := make([]workflow.Row, n)
	for i := range page {
		page[i] = over(fmt.Sprintf("%06d", i), workflow.Succeeded, after(float64(i)+40))
		page[i].Started = after(float64(i))
		rows[i] = workflow.Row{RowKey: workflow.RowKey{UserID: fmt.Sprint("user_", i%97), ID: workflow.OrderID(page[i].Name)}, Status: workflow.Success}
	}
	s.Apply(ExecutionsListed{Executions: page, At: day()}, RowsRead{Rows: rows, At: day()})
	return s
}

// BenchmarkApply takes in one page of 200 changed executions.
func BenchmarkApply(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := filled(n)
			at := day()
			statuses := []workflow.ExecutionStatus{workflow.Succeeded, workflow.Failed}
			for i := 0; b.Loop(); i++ {
				at = at.Add(time.Second)
				page := make([]workflow.Execution, 200)
				for k := range page {
					place := (i*200 + k) * 7 % n
					page[k] = over(fmt.Sprintf("%06d", place), statuses[i%2], at)
				}
				s.Apply(ExecutionsListed{Executions: page, At: at})
			}
		})
	}
}

// BenchmarkFilter filters all rows by a word, as for each key that is typed.
func BenchmarkFilter(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := filled(n)
			q := parse(b, "user_42 !failed")
			for b.Loop() {
				s.Orders().SetFilter(q, day())
			}
		})
	}
}

// BenchmarkSort sorts all rows by another column each time.
func BenchmarkSort(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := filled(n)
			for i := 0; b.Loop(); i++ {
				s.Orders().SetSort([]string{"user", "submitted"}[i%2], true)
			}
		})
	}
}

// BenchmarkLog takes in a full page of the log with 100,000 executions known: one
// of new events, and one of events that were read before.
func BenchmarkLog(b *testing.B) {
	for _, again := range []bool{false, true} {
		b.Run(map[bool]string{false: "new", true: "again"}[again], func(b *testing.B) {
			s := filled(100_000)
			s.Apply(definitionRead())
			id := int64(1)
			for b.Loop() {
				if !again {
					id++
				}
				events := make([]workflow.LogEvent, 2500)
				for i := range events {
					events[i] = logAt(fmt.Sprint(i), id, "TaskStateEntered", "SaveOrder", float64(id))
				}
				s.Apply(LogRead{Page: workflow.LogPage{Events: events}, At: after(float64(id))})
			}
		})
	}
}
