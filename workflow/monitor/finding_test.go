package monitor

import (
	"errors"
	"slices"
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
	gone, throttled, forbidden := errors.New("x"), &workflow.Problem{Kind: workflow.Throttled}, &workflow.Problem{Kind: workflow.Forbidden}
	expired := &workflow.Problem{Kind: workflow.Unauthenticated}
	dead := QueueRead{Role: DeadLetterQueue, Queue: workflow.Queue{Visible: 1, InFlight: 2}, At: day()}
	letter := workflow.Judge(workflow.Message{ID: "m", Body: []byte("x")}, workflow.Queue{}, workflow.Queue{})
	for name, test := range map[string]struct {
		changes []Change
		want    []Finding // at 100 s
	}{
		"nothing": {[]Change{QueueRead{Role: DeadLetterQueue, At: day()}}, nil},
		"dead letters": {[]Change{dead}, []Finding{
			{DeadLettersFound, "3 dead letters", 0, Link{DeadLettersPlace, ""}, nil},
		}},
		"inspected": {[]Change{dead, DeadLettersRead{[]workflow.DeadLetter{letter}, day()}}, []Finding{
			{DeadLettersFound, "3 dead letters: 1 malformed", 0, Link{DeadLettersPlace, ""}, nil},
			{ExecutionsFailed, "1 dead letter can't be read: " + workflow.NormalCause(letter.Problem.Error()), 0, Link{DeadLettersPlace, `group:` + quote(workflow.NormalCause(letter.Problem.Error()))}, nil},
		}},
		"failures by error": {[]Change{broken("a", "E1", 10), broken("b", `odd "E2"`, 30), broken("c", "E1", 20)}, []Finding{
			{ExecutionsFailed, `1 execution without success: odd "E2"`, 70 * time.Second, Link{ExecutionsPlace, `error:="odd "`}, nil},
			{ExecutionsFailed, "2 executions without success: E1", 80 * time.Second, Link{ExecutionsPlace, `error:="E1"`}, nil},
		}},
		"failed, why is not known": {[]Change{listed(after(10), over("a", workflow.Aborted, after(10)))}, []Finding{
			{ExecutionsFailed, "1 execution without success", 90 * time.Second, Link{ExecutionsPlace, "status:failed,timed_out,aborted"}, nil},
		}},
		"not started": {[]Change{submitted("a"), listed(after(31))}, []Finding{
			{NotStarted, "1 submitted order not started: no execution after 30 s", 100 * time.Second, Link{OrdersPlace, `where:="not started"`}, nil},
		}},
		"not started, but nobody has looked": {[]Change{submitted("a"), listed(after(29))}, nil},
		"started":                            {[]Change{submitted("a"), listed(after(31), running("a"))}, nil},
		"outcome unknown": {[]Change{Submitted{workflow.Submission{At: after(40), Outcome: workflow.Unknown}}}, []Finding{
			{UnknownOutcome, "1 submission with unknown outcome: the answer was lost", time.Minute, Link{ActivityPlace, ""}, nil},
		}},
		"row disagrees": {[]Change{listed(after(20), over("a", workflow.Succeeded, after(10))), RowsRead{Rows: []workflow.Row{row}, At: after(20)}}, []Finding{
			{RowDisagrees, "1 order PENDING in the table, though the execution has ended (checked 1 of 1)", 0, Link{OrdersPlace, "row:pending status:succeeded,failed,timed_out,aborted"}, nil},
		}},
		"row missing": {[]Change{listed(after(20), over("a", workflow.Succeeded, after(10))), RowsRead{Asked: []workflow.RowKey{row.RowKey}, At: after(20)}}, []Finding{
			{RowMissing, "1 order without a row in the table, though the execution has succeeded (checked 1 of 1)", 0, Link{OrdersPlace, `row:="no row" status:succeeded`}, nil},
		}},
		"broken before its row was saved": {[]Change{broken("a", "E1", 10), RowsRead{Asked: []workflow.RowKey{row.RowKey}, At: after(20)}}, []Finding{
			{ExecutionsFailed, "1 execution without success: E1", 90 * time.Second, Link{ExecutionsPlace, `error:="E1"`}, nil},
		}},
		"no row yet":                {[]Change{listed(after(20), over("a", workflow.Succeeded, after(10))), RowsRead{Asked: []workflow.RowKey{row.RowKey}, At: after(19)}}, nil},
		"row read too soon to tell": {[]Change{listed(after(20), over("a", workflow.Succeeded, after(10))), RowsRead{Rows: []workflow.Row{row}, At: after(19)}}, nil},
		"move failed": {[]Change{MovesRead{[]workflow.MoveTask{{Status: workflow.MoveFailed, Started: after(40), FailureReason: "gone"}, {Status: workflow.MoveCompleted, Started: after(10)}}, after(50)}}, []Finding{
			{MoveFailed, "the last redrive failed: gone", time.Minute, Link{DeadLettersPlace, ""}, nil},
		}},
		"move failed, then one worked": {[]Change{MovesRead{[]workflow.MoveTask{{Status: workflow.MoveFailed, Started: after(10)}, {Status: workflow.MoveCompleted, Started: after(40)}}, after(50)}}, nil},
		"stale for a moment":           {[]Change{FeedFailed{Feed: TopicFeed, Err: errors.New("x"), At: after(90)}}, nil},
		"not readable": {[]Change{FeedFailed{Feed: TopicFeed, Err: gone, At: after(80)}}, []Finding{
			{FeedStale, "topic: not readable", 20 * time.Second, Link{ExplanationPlace, ""}, gone},
		}},
		"stale": {[]Change{
			TopicRead{At: after(10)}, FeedFailed{Feed: TopicFeed, Err: throttled, At: after(80)},
		}, []Finding{
			{FeedStale, "topic: stale since " + after(10).Local().Format(time.TimeOnly) + " (throttled)", 20 * time.Second, Link{ExplanationPlace, ""}, throttled},
		}},
		"signed out": {[]Change{
			TopicRead{At: after(10)},
			FeedFailed{Feed: TopicFeed, Err: expired, At: after(70)},
			FeedFailed{Feed: ExecutionsFeed, Err: expired, At: after(60)},
			FeedFailed{Feed: RowsFeed, Err: expired, At: after(99)},
			FeedFailed{Feed: MovesFeed, Err: throttled, At: after(80)},
		}, []Finding{
			{FeedStale, "not signed in: 2 sources stale since " + after(10).Local().Format(time.TimeOnly), 40 * time.Second, Link{ExplanationPlace, ""}, expired},
			{FeedStale, "move tasks: not readable (throttled)", 20 * time.Second, Link{ExplanationPlace, ""}, throttled},
		}},
		"no permission": {[]Change{FeedFailed{Feed: TopicFeed, Err: forbidden, At: after(99)}}, []Finding{
			{FeedStale, "topic: no permission", time.Second, Link{ExplanationPlace, ""}, forbidden},
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

// TestTheOrderOfFindings: what is lost first stands at the top.
func TestTheOrderOfFindings(t *testing.T) {
	t.Parallel()
	s := measured()
	stuck := begun("stuck")[:2]
	stuck[1].Time = after(0.5)
	throttles, deleted := perMinute(0), perMinute(0)
	throttles[25], deleted[20] = 4, 50
	s.Apply(
		DeadLettersRead{[]workflow.DeadLetter{workflow.Judge(workflow.Message{ID: "m", Body: []byte("x")}, workflow.Queue{}, workflow.Queue{})}, day()},
		QueueRead{Role: DeadLetterQueue, Queue: workflow.Queue{Visible: 1}, At: day()},
		MovesRead{[]workflow.MoveTask{{Status: workflow.MoveFailed, Started: day()}}, day()},
		TopicRead{Topic: workflow.Topic{Pending: 1}, At: day()},
		ConsumerRead{Consumer: workflow.Consumer{UUID: "u", Function: "OrderConsumer", State: "Disabled"}, At: day()},
		MetricsRead{Metrics: workflow.Metrics{Throttles: throttles, Deleted: deleted, Started: perMinute(0)}, At: day()},
		FeedFailed{Feed: ChecksFeed, Err: errors.New("x"), At: after(1)},
		Submitted{workflow.Submission{At: after(2), Outcome: workflow.Unknown}},
		submitted("never"), listed(after(60), over("c", workflow.Succeeded, after(12))), broken("a", "E1", 10), broken("b", "E2", 11),
		RowsRead{
			Asked: []workflow.RowKey{{UserID: "u", ID: "a"}, {UserID: "u", ID: "c"}},
			Rows:  []workflow.Row{{RowKey: workflow.RowKey{UserID: "u", ID: "a"}, Status: workflow.Pending}}, At: after(50),
		},
		logRead(98, stuck...), LogRead{At: after(100)},
	)
	s.Tick(after(101))
	var kinds []FindingKind
	for _, f := range s.Findings(after(101)) {
		kinds = append(kinds, f.Kind)
		if f.Link.Place == NoPlace {
			t.Errorf("%q leads nowhere", f.Text)
		}
	}
	want := []FindingKind{
		DeadLettersFound, ExecutionsFailed, ExecutionsFailed, ExecutionsFailed, NotStarted, UnknownOutcome, Stuck, RowDisagrees, RowMissing,
		OrdersLost, CallsThrottled, ConsumerIdle, MoveFailed, MailUnconfirmed, FeedStale,
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("got  %q\nwant %q", kinds, want)
	}
}

// TestOddRowsAreReadAgain: a row that contradicts its execution is read again once
// a minute, and is no finding any more when it was mended.
func TestOddRowsAreReadAgain(t *testing.T) {
	t.Parallel()
	s := NewStore()
	s.Apply(definitionRead(), logRead(12, append(begun("a"), logAt("a", 9, "ExecutionSucceeded", "", 10))...))
	keys := s.Interest(Shown{Checks: true}, after(30)).Checks
	if len(keys) != 1 {
		t.Fatalf("checks %v", keys)
	}
	s.Apply(RowsChecked{Asked: keys, At: after(30)})
	if got := texts(s, 31, RowMissing); len(got) != 1 {
		t.Errorf("findings %q", got)
	}
	shown := Shown{Checks: true, VisibleOrders: []workflow.OrderID{"a"}}
	if in := s.Interest(shown, after(89)); len(in.Checks) != 0 || len(in.Rows) != 0 || in.Wake != after(90) {
		t.Errorf("too soon: %v, %v, wakes at %v", in.Checks, in.Rows, in.Wake)
	}
	if in := s.Interest(shown, after(90)); len(in.Checks) != 1 || len(in.Rows) != 1 {
		t.Errorf("not again: %v, %v", in.Checks, in.Rows)
	}
	s.Apply(RowsRead{Asked: keys, Rows: []workflow.Row{{RowKey: keys[0], Status: workflow.Success}}, At: after(90)})
	if got := texts(s, 91, RowMissing, RowDisagrees); got != nil {
		t.Errorf("mended, but found %q", got)
	}
}
