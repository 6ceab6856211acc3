package cli_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"orderops/config"
	"orderops/ui/cli"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

const machineARN = "arn:aws:states:eu-west-1:000000000000:stateMachine:OrderStateMachine"

// aws answers polls from memory, as a deployment whose executions have ended.
type aws struct {
	executions []workflow.Execution
	rows       []workflow.Row
	// fail is what a feed answers instead.
	fail map[monitor.Feed]error
	// asked counts the calls by feed.
	asked map[monitor.Feed]int
}

func (a *aws) connection() *cli.Connection {
	return &cli.Connection{
		Deployment: workflow.Deployment{StateMachineARN: machineARN, Table: "order-table"},
		Ask: func(p monitor.Poll, _ *monitor.Store) func(context.Context) ([]monitor.Change, error) {
			if a.asked == nil {
				a.asked = map[monitor.Feed]int{}
			}
			a.asked[p.Feed]++
			return func(context.Context) ([]monitor.Change, error) { return a.answer(p) }
		},
		List: a.list,
		Page: func(_ context.Context, token string, _ int) ([]workflow.Row, string, float64, error) {
			if token == "" && len(a.rows) > 1 {
				return a.rows[:1], "next", 0.5, nil
			}
			return a.rows[len(a.rows)-1:], "", 0.5, nil
		},
	}
}

// list gives a page of the executions; its token is where the next one begins.
func (a *aws) list(_ context.Context, token string, limit int) ([]workflow.Execution, string, error) {
	if a.asked == nil {
		a.asked = map[monitor.Feed]int{}
	}
	a.asked[monitor.ExecutionsFeed]++
	if err := a.fail[monitor.ExecutionsFeed]; err != nil {
		return nil, "", err
	}
	from, _ := strconv.Atoi(token) // "" is the first
	end, next := from+limit, ""
	if end < len(a.executions) {
		next = strconv.Itoa(end)
	}
	return a.executions[from:min(end, len(a.executions))], next, nil
}

func (a *aws) answer(p monitor.Poll) ([]monitor.Change, error) {
	if err := a.fail[p.Feed]; err != nil {
		return nil, err
	}
	at := time.Now()
	switch p.Feed {
	case monitor.ExecutionsFeed:
		return []monitor.Change{monitor.ExecutionsListed{Executions: a.executions, At: at}}, nil
	case monitor.DetailsFeed:
		for _, e := range a.executions {
			if e.ARN == p.Execution {
				return []monitor.Change{monitor.ExecutionRead{Execution: e, At: at}}, nil
			}
		}
		return nil, &workflow.Problem{Kind: workflow.NotFound, Operation: "states:DescribeExecution", Target: string(p.Execution), Reason: "it does not exist"}
	case monitor.RowsFeed:
		return []monitor.Change{monitor.RowsRead{Asked: p.Rows, Rows: a.rows, At: at}}, nil
	case monitor.HistoryFeed:
		events := []workflow.Event{
			{ID: 1, Type: "ExecutionStarted", Time: noon, Input: a.executions[0].Input},
			{ID: 2, PreviousID: 1, Type: "ExecutionSucceeded", Time: noon.Add(time.Second), Output: "{}"},
		}
		if strings.HasSuffix(string(p.Execution), "9a2b") {
			events[1] = workflow.Event{ID: 2, PreviousID: 1, Type: "ExecutionFailed", Time: noon.Add(time.Second), Error: "Payment.Declined"}
		}
		return []monitor.Change{monitor.HistoryRead{Feed: p.Feed, ARN: p.Execution, Events: events, At: at}}, nil
	default:
		return nil, nil
	}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// hostile is what a customer may call himself.
const hostile = "=cmd|'/c calc'!A1\x1b[31m\u202e\u009b2J"

func ended() *aws {
	one := workflow.Execution{
		ARN: workflow.ExecutionOf(machineARN, "7c1e"), Name: "7c1e", Status: workflow.Succeeded, Started: noon, Stopped: noon.Add(32500 * time.Millisecond),
		Input: `{"user_id":"Burger_20","restaurant_id":"Restaurant 4","quantity":"3","id":"7c1e"}`, Output: `{"a":"<&>"}`,
	}
	encoded, _ := json.Marshal(hostile)
	two := workflow.Execution{
		ARN: workflow.ExecutionOf(machineARN, "9a2b"), Name: "9a2b", Status: workflow.Failed, Started: noon.Add(time.Minute), Stopped: noon.Add(61 * time.Second),
		Input: `{"user_id":` + string(encoded) + `,"restaurant_id":"Restaurant 1","quantity":"12","id":"9a2b"}`, Error: "Payment.Declined", Cause: "a cause,\nwith \"quotes\"",
	}
	return &aws{
		executions: []workflow.Execution{two, one},
		rows: []workflow.Row{
			{RowKey: workflow.RowKey{UserID: "Burger_20", ID: "7c1e"}, RestaurantID: "Restaurant 4", Quantity: "3", Created: noon, CreatedText: "2026-11-23T12:00:00Z", Status: workflow.Success, MessageID: "7c1e"},
			{RowKey: workflow.RowKey{UserID: hostile, ID: "9a2b"}, RestaurantID: "Restaurant 1", Quantity: "12", CreatedText: "@noon", Status: workflow.Failure, ErrorMessage: "payment method declined", Extra: map[string]string{"coupon": `{"S":"x"}`}},
		},
	}
}

// TestGoldenRecords keeps every format of every kind of record.
func TestGoldenRecords(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"executions":        {"executions", "list"},
		"execution":         {"executions", "show", "9a2b"},
		"history":           {"executions", "history", "7c1e"},
		"orders":            {"orders", "list"},
		"order":             {"orders", "show", "7c1e"},
		"rows":              {"orders", "export"},
		"audit":             {"audit", "show"},
		"executions-picked": {"executions", "list", "--columns", "user,order,duration", "--filter", "quantity:>3"},
		"executions-sorted": {"executions", "list", "--columns", "order,quantity", "--sort", "quantity"},
	} {
		for _, format := range []string{"table", "json", "jsonl", "csv"} {
			t.Run(name+" as "+format, func(t *testing.T) {
				t.Parallel()
				w := &world{aws: ended(), audit: changes()}
				if code := w.run(t, append(args, "-o", format)...); code != cli.ExitOK || w.err.Len() > 0 {
					t.Fatalf("exit code %d, errors %q", code, w.err.String())
				}
				golden(t, name+"-"+format, w.out.Bytes())
				reads(t, format, w.out.Bytes())
			})
		}
	}
}

// reads tells whether a program can read what was printed, and a spreadsheet
// sees no formula in it.
func reads(t *testing.T, format string, printed []byte) {
	t.Helper()
	switch format {
	case "json":
		if !json.Valid(printed) {
			t.Errorf("this is no JSON: %s", printed)
		}
	case "jsonl":
		for line := range bytes.Lines(printed) {
			if !json.Valid(line) {
				t.Errorf("this is no JSON: %s", line)
			}
		}
	case "csv":
		rows, err := csv.NewReader(bytes.NewReader(printed)).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("this is no CSV with rows: %v", err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
					t.Errorf("%q is a formula", cell)
				}
			}
		}
	}
}

func TestRecordsWithoutATerminalAreJSON(t *testing.T) {
	t.Parallel()
	for terminal, want := range map[bool]string{true: "STATUS", false: "["} {
		w := &world{aws: ended(), terminal: terminal}
		w.run(t, "executions", "list")
		if !strings.HasPrefix(w.out.String(), want) {
			t.Errorf("terminal %v: got %q", terminal, w.out.String())
		}
	}
}

func TestQuickListMakesOneCall(t *testing.T) {
	t.Parallel()
	w := &world{aws: ended()}
	w.run(t, "executions", "list", "--quick")
	if len(w.aws.asked) != 1 || w.aws.asked[monitor.ExecutionsFeed] != 1 {
		t.Errorf("asked %v, want one list", w.aws.asked)
	}
}

func TestMissingDetailsAreTold(t *testing.T) {
	t.Parallel()
	w := &world{aws: ended()}
	w.aws.fail = map[monitor.Feed]error{monitor.DetailsFeed: &workflow.Problem{Kind: workflow.Forbidden, Operation: "states:DescribeExecution", Reason: "no permission"}}
	code := w.run(t, "executions", "list", "-o", "jsonl")
	if code != cli.ExitPartly || strings.Count(w.out.String(), "\n") != 2 || !strings.Contains(w.err.String(), "states:DescribeExecution: no permission") {
		t.Errorf("exit code %d, printed %q, errors %q", code, w.out.String(), w.err.String())
	}
}

func TestRecordsThatCanNotBeAskedFor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"executions", "list", "--columns", "order,colour"}, cli.ExitUsage, `"colour"`},
		{[]string{"executions", "list", "--filter", "colour:red"}, cli.ExitUsage, "--filter"},
		{[]string{"executions", "list", "--sort", "colour"}, cli.ExitUsage, "--sort"},
		{[]string{"executions", "list", "--newest", "0"}, cli.ExitUsage, "--newest"},
		{[]string{"executions", "list", "-o", "xml"}, cli.ExitUsage, "csv"},
		{[]string{"executions", "list", "--timeout", "-1s"}, cli.ExitUsage, "--timeout"},
		{[]string{"executions", "show", "none"}, cli.ExitFailed, "does not exist"},
		{[]string{"executions", "show", "a b"}, cli.ExitUsage, "can't be the name"},
		{[]string{"executions", "show"}, cli.ExitUsage, "EXECUTION is missing"},
		{[]string{"orders", "show", "none"}, cli.ExitFailed, "--user"},
		{[]string{"orders", "export", "--most", "-1"}, cli.ExitUsage, "--most"},
	} {
		w := &world{aws: ended()}
		if code := w.run(t, test.args...); code != test.code || !strings.Contains(w.err.String(), test.want) || w.out.Len() > 0 {
			t.Errorf("%q: exit code %d, printed %q, errors %q", test.args, code, w.out.String(), w.err.String())
		}
	}
}

// broken is a pipe whose reader has read enough.
type broken struct{ left int }

func (b *broken) Write(p []byte) (int, error) {
	if b.left--; b.left < 0 {
		return 0, errors.New("broken pipe")
	}
	return len(p), nil
}

func TestClosedPipeIsNoError(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"orders", "export"}, {"executions", "list"}, {"executions", "watch"}} {
		w := &world{aws: ended(), sink: &broken{}}
		w.aws.executions[0].Status, w.aws.executions[0].Stopped = workflow.Running, time.Time{}
		if code := w.run(t, append(args, "-o", "jsonl")...); code != cli.ExitOK || w.err.Len() > 0 {
			t.Errorf("%q: exit code %d, errors %q", args, code, w.err.String())
		}
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	w := &world{aws: ended()}
	w.aws.fail = map[monitor.Feed]error{monitor.ExecutionsFeed: &workflow.Problem{Kind: workflow.Throttled, Operation: "states:ListExecutions", RetryAfter: time.Hour}}
	if code := w.run(t, "executions", "list", "--timeout", "10ms"); code != cli.ExitFailed || !strings.Contains(w.err.String(), "--timeout 10ms") {
		t.Errorf("exit code %d, errors %q", code, w.err.String())
	}
}

func TestWatchOneExecution(t *testing.T) {
	t.Parallel()
	w := &world{aws: ended()}
	if code := w.run(t, "executions", "watch", "7c1e"); code != cli.ExitOK || strings.Count(w.out.String(), "\n") != 2 {
		t.Errorf("exit code %d, printed %q, errors %q", code, w.out.String(), w.err.String())
	}
	w = &world{aws: ended()}
	if code := w.run(t, "executions", "watch", "9a2b"); code != cli.ExitFailed || !strings.Contains(w.err.String(), "FAILED") {
		t.Errorf("exit code %d, errors %q", code, w.err.String())
	}
}

// connect is the action of a world with an aws.
func (w *world) connect(context.Context, config.Settings) (*cli.Connection, error) {
	w.ran = "connect"
	return w.aws.connection(), w.failure
}
