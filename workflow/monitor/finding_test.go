package monitor

import (
	"errors"
	"testing"
	"time"

	"orderops/workflow"
	"orderops/workflow/query"
)

func broken(name, failure string, stopped float64) ExecutionRead {
	e := over(name, workflow.Failed, after(stopped))
	e.Error = failure
	return ExecutionRead{Execution: e, At: after(stopped)}
}

func submitted(id string) Submitted {
	return Submitted{workflow.Submission{At: day(), OrderID: workflow.OrderID(id), Outcome: workflow.Done}}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	row := workflow.Row{RowKey: workflow.RowKey{UserID: "u", ID: "a"}, Status: workflow.Pending}
	dead := QueueRead{Role: DeadLetterQueue, Queue: workflow.Queue{Visible: 1, InFlight: 2}, At: day()}
	letter := workflow.Judge(workflow.Message{ID: "m", Body: []byte("x")}, workflow.Queue{}, workflow.Queue{})
	for name, test := range map[string]struct {
		changes []Change
		want    []Finding // at 100 s
	}{
		"nothing": {[]Change{QueueRead{Role: DeadLetterQueue, At: day()}}, nil},
		"dead letters": {[]Change{dead}, []Finding{
			{DeadLettersFound, "3 dead letters", 0, Link{DeadLettersPlace, ""}},
		}},
		"inspected": {[]Change{dead, DeadLettersRead{[]workflow.DeadLetter{letter}, day()}}, []Finding{
			{DeadLettersFound, "3 dead letters: 1 malformed", 0, Link{DeadLettersPlace, ""}},
			{ExecutionsFailed, "1 dead letter can't be read: " + workflow.NormalCause(letter.Problem.Error()), 0, Link{DeadLettersPlace, `group:` + quote(workflow.NormalCause(letter.Problem.Error()))}},
		}},
		"failures by error": {[]Change{broken("a", "E1", 10), broken("b", `odd "E2"`, 30), broken("c", "E1", 20)}, []Finding{
			{ExecutionsFailed, `1 execution without success: odd "E2"`, 70 * time.Second, Link{ExecutionsPlace, `error:="odd "`}},
			{ExecutionsFailed, "2 executions without success: E1", 80 * time.Second, Link{ExecutionsPlace, `error:="E1"`}},
		}},
		"failed, why is not known": {[]Change{listed(after(10), over("a", workflow.Aborted, after(10)))}, []Finding{
			{ExecutionsFailed, "1 execution without success", 90 * time.Second, Link{ExecutionsPlace, "status:failed,timed_out,aborted"}},
		}},
		"not started": {[]Change{submitted("a"), listed(after(31))}, []Finding{
			{NotStarted, "1 submitted order not started: no execution after 30 s", 100 * time.Second, Link{OrdersPlace, `where:="not started"`}},
		}},
		"not started, but nobody has looked": {[]Change{submitted("a"), listed(after(29))}, nil},
		"started":                            {[]Change{submitted("a"), listed(after(31), running("a"))}, nil},
		"outcome unknown": {[]Change{Submitted{workflow.Submission{At: after(40), Outcome: workflow.Unknown}}}, []Finding{
			{UnknownOutcome, "1 submission with unknown outcome: the answer was lost", time.Minute, Link{ActivityPlace, ""}},
		}},
		"row disagrees": {[]Change{listed(after(20), over("a", workflow.Succeeded, after(10))), RowsRead{Rows: []workflow.Row{row}, At: after(20)}}, []Finding{
			{RowDisagrees, "1 order PENDING in the table, though the execution has ended (checked 1 of 1)", 0, Link{OrdersPlace, "row:pending status:succeeded,failed,timed_out,aborted"}},
		}},
		"row read too soon to tell": {[]Change{listed(after(20), over("a", workflow.Succeeded, after(10))), RowsRead{Rows: []workflow.Row{row}, At: after(19)}}, nil},
		"move failed": {[]Change{MovesRead{[]workflow.MoveTask{{Status: workflow.MoveFailed, Started: after(40), FailureReason: "gone"}, {Status: workflow.MoveCompleted, Started: after(10)}}, after(50)}}, []Finding{
			{MoveFailed, "the last redrive failed: gone", time.Minute, Link{DeadLettersPlace, ""}},
		}},
		"move failed, then one worked": {[]Change{MovesRead{[]workflow.MoveTask{{Status: workflow.MoveFailed, Started: after(10)}, {Status: workflow.MoveCompleted, Started: after(40)}}, after(50)}}, nil},
		"stale for a moment":           {[]Change{FeedFailed{Feed: TopicFeed, Err: errors.New("x"), At: after(90)}}, nil},
		"not readable": {[]Change{FeedFailed{Feed: TopicFeed, Err: errors.New("x"), At: after(80)}}, []Finding{
			{FeedStale, "topic: not readable", 20 * time.Second, Link{ActivityPlace, ""}},
		}},
		"stale": {[]Change{
			TopicRead{At: after(10)}, FeedFailed{Feed: TopicFeed, Err: &workflow.Problem{Kind: workflow.Throttled}, At: after(80)},
		}, []Finding{
			{FeedStale, "topic: stale since " + after(10).Local().Format(time.TimeOnly) + " (throttled)", 20 * time.Second, Link{ActivityPlace, ""}},
		}},
		"no permission": {[]Change{FeedFailed{Feed: TopicFeed, Err: &workflow.Problem{Kind: workflow.Forbidden}, At: after(99)}}, []Finding{
			{FeedStale, "topic: no permission", time.Second, Link{ActivityPlace, ""}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := NewStore()
			s.Apply(test.changes...)
			got := s.Findings(after(100))
			if len(got) != len(test.want) {
				t.Fatalf("findings %+v, want %+v", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("finding %+v, want %+v", got[i], test.want[i])
				}
			}
		})
	}
}

// TestLinksLeadToTheirRows: the filter of a finding shows at least the rows it
// speaks of, whatever stands in an error.
func TestLinksLeadToTheirRows(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"E1", "with blank", "a,b", "x:y", ">5", "States.Timeout"} {
		s := NewStore()
		s.Apply(broken("a", name, 1), broken("b", "other", 2))
		link := s.Findings(after(3))[1].Link
		q, err := query.Parse(link.Filter, s.Executions().Columns()...)
		if err != nil {
			t.Fatal(err)
		}
		s.Executions().SetFilter(q, after(3))
		if s.Executions().Len() != 1 || s.Executions().At(0).Name != "a" {
			t.Errorf("%s shows %d rows", link.Filter, s.Executions().Len())
		}
	}
}

func TestManyErrorsAreFoldedTogether(t *testing.T) {
	t.Parallel()
	s := NewStore()
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		s.Apply(broken(name, "E"+name, 1))
	}
	got := s.Findings(after(2))
	if len(got) != mostFailures+1 || got[mostFailures].Text != "executions ended in 2 further ways" {
		t.Errorf("findings %+v", got)
	}
}
