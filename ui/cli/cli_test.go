package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"orderops/config"
	"orderops/ui/cli"
	"orderops/workflow"
	"orderops/workflow/doctor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
	"orderops/workflow/operation/sendlog"
	"orderops/workflow/orderfile"
)

// updating tells that golden files are to be rewritten.
func updating() bool { return os.Getenv("UPDATE_GOLDEN") != "" }

func TestMain(m *testing.M) {
	time.Local = time.UTC
	// Help is as wide as the terminal that the tests run in, unless fang is told.
	if err := os.Setenv("__FANG_TEST_WIDTH", "100"); err != nil {
		panic(err)
	}
	m.Run()
}

// world is one run of the command line and what it did.
type world struct {
	environment map[string]string
	terminal    bool
	failure     error // of every action
	input       string
	facts       doctor.Facts
	audit       []workflow.AuditEntry
	submitter   *submitter
	aws         *aws
	names       names
	sink        io.Writer // in place of out
	width       int       // of the terminal
	height      int

	out, err bytes.Buffer
	ran      string
	settings config.Settings
}

func (w *world) run(t *testing.T, args ...string) int {
	t.Helper()
	record := func(name string, s config.Settings) error {
		s.Choice = nil // what other contexts there are is no setting to compare
		w.ran, w.settings = name, s
		return w.failure
	}
	actions := cli.Actions{
		Version:     "v1.2.3",
		Environment: func(name string) (string, bool) { value, ok := w.environment[name]; return value, ok },
		Dashboard:   func(_ context.Context, s config.Settings) error { return record("dashboard", s) },
		Local:       func(_ context.Context, s config.Settings, _ io.Writer) error { return record("local", s) },
		Facts: func(_ context.Context, s config.Settings, tier string) (doctor.Facts, error) {
			facts := w.facts
			facts.Permissions.Value.Tier = tier
			return facts, record("doctor", s)
		},
		Submitter: func(_ context.Context, s config.Settings) (cli.Submitter, error) {
			return w.submitter, record("submit", s)
		},
	}
	actions.Audit = func(since time.Time, yield func(workflow.AuditEntry) bool) (int, error) {
		for _, e := range w.audit {
			if !e.At.Before(since) && !yield(e) {
				break
			}
		}
		return 0, w.failure
	}
	if w.aws != nil {
		actions.Connect, actions.Newest = w.connect, w.newest
		actions.Stacks = func(context.Context, config.Settings) ([]string, error) { return w.names.stacks, w.failure }
		actions.Runs = func() ([]journal.State, error) { return w.names.runs, nil }
	}
	streams := cli.Streams{
		In: strings.NewReader(w.input), Out: &w.out, Err: &w.err,
		InTerminal: w.terminal, OutTerminal: w.terminal, OutSize: func() (int, int) { return w.width, w.height },
	}
	if w.sink != nil {
		streams.Out = w.sink
	}
	return cli.Execute(t.Context(), streams, actions, args)
}

// submitter sends nothing and gives a prepared answer.
type submitter struct {
	bodies     []string
	submission workflow.Submission
	// results are told of the first orders of a file.
	results []operation.OrderResult
	err     error
}

func (s *submitter) OpenSendLog(folder, sha256 string, orders int, again bool) (*sendlog.Log, error) {
	return sendlog.Open(folder, sendlog.Head{SHA256: sha256, Queue: "OrderQueue", Orders: orders, At: time.Now()}, again)
}

func (s *submitter) PlanSubmitAll(file string, orders int, _ *sendlog.Log, _ int) operation.Plan {
	return operation.Plan{Title: "Submit a file", Facts: []operation.Fact{{Label: "file", Text: file}, {Label: "orders", Text: strconv.Itoa(orders)}}}
}

// SubmitAll takes every order that results says nothing else of, and numbers them.
func (s *submitter) SubmitAll(_ context.Context, orders iter.Seq2[orderfile.Order, error], bulk operation.Bulk) (operation.BulkProgress, error) {
	progress := operation.BulkProgress{Taken: bulk.Log.Taken()}
	number := -1
	for order, err := range orders {
		if err != nil {
			return progress, err
		}
		if number++; !bulk.Log.Open(number) {
			continue
		}
		if s.err != nil {
			return progress, s.err
		}
		result := operation.OrderResult{Outcome: workflow.Done, ID: workflow.MessageID("id-" + strconv.Itoa(number))}
		if number < len(s.results) {
			result = s.results[number]
		}
		span := sendlog.Span{First: number, End: number + 1}
		answer := sendlog.Answer{Span: span, IDs: []workflow.MessageID{result.ID}, Unknown: result.Outcome == workflow.Unknown}
		if err := errors.Join(bulk.Log.Sending(span), bulk.Log.Answered(answer)); err != nil {
			return progress, err
		}
		switch result.Outcome {
		case workflow.Done:
			s.bodies = append(s.bodies, string(order.Body))
			progress.Taken++
		case workflow.Unknown:
			progress.Doubtful++
		default:
			progress.Refused++
			progress.Reason = result.Why
		}
		bulk.Result(order, result)
	}
	return progress, nil
}

func (s *submitter) PlanSubmit(body []byte) operation.Plan {
	return operation.Plan{
		Title:   "Submit 1 order\x1b[31m",
		Facts:   []operation.Fact{{Label: "to", Text: "OrderQueue"}, {Label: "body", Text: string(body)}},
		Warning: "careful",
	}
}

func (s *submitter) Submit(_ context.Context, body []byte) (workflow.Submission, workflow.Record, error) {
	s.bodies = append(s.bodies, string(body))
	s.submission.Body = body
	return s.submission, workflow.Record{}, s.err
}

func sent() workflow.Submission {
	return workflow.Submission{
		At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), OrderID: "7c1e", MessageID: "7c1e",
		BodyMD5: "e172a0b1b0c410a6d12b96ef434aa4c0", Outcome: workflow.Done,
	}
}

const burger = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`

func burgerFlags(more ...string) []string {
	return append([]string{"submit", "--user", "Burger_20", "--quantity", "3", "--restaurant", "Restaurant 4"}, more...)
}

func TestGolden(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		args     []string
		terminal bool
	}{
		{"submit-table", burgerFlags("-o", "table"), false},
		{"submit-json", burgerFlags("-o", "json"), true},
		{"submit-jsonl", burgerFlags("-o", "jsonl"), true},
		{"submit-csv", burgerFlags("-o", "csv", "--columns", "order,status,md5"), true},
		{"dry-run-table", burgerFlags("--dry-run"), true},
		{"dry-run-json", burgerFlags("--dry-run"), false},
		{"dry-run-jsonl", burgerFlags("--dry-run", "-o", "jsonl"), false},
		{"dry-run-csv", burgerFlags("--dry-run", "-o", "csv"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := &world{terminal: tt.terminal, submitter: &submitter{submission: sent()}}
			if code := w.run(t, tt.args...); code != cli.ExitOK || w.err.Len() > 0 {
				t.Fatalf("exit code %d, errors %q", code, w.err.String())
			}
			golden(t, tt.name, w.out.Bytes())
		})
	}
}

// TestGoldenHelp keeps the help of every command.
func TestGoldenHelp(t *testing.T) {
	t.Parallel()
	for _, path := range cli.Commands() {
		words := strings.Fields(path)[1:]
		name := strings.Join(append([]string{"help"}, words...), "-")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{}
			if code := w.run(t, append(words, "--help")...); code != cli.ExitOK || w.err.Len() > 0 {
				t.Fatalf("exit code %d, errors %q", code, w.err.String())
			}
			golden(t, name, w.out.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if updating() {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
	for _, r := range string(got) {
		if r != '\n' && unicode.IsControl(r) {
			t.Errorf("%s has the control character %U", file, r)
		}
	}
}

func TestSettingsReachTheAction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		args        []string
		environment map[string]string
		ran         string
		want        func(*config.Settings)
	}{
		{"nothing", nil, nil, "dashboard", func(*config.Settings) {}},
		{
			"local with knobs",
			[]string{"--local", "--wait", "5s", "--visibility=10s", "--seed", "7", "--payment-failure-rate", "0"},
			nil, "dashboard",
			func(s *config.Settings) {
				s.Local, s.Wait, s.Visibility, s.Seed, s.PaymentFailureRate = true, 5*time.Second, 10*time.Second, 7, 0
			},
		},
		{
			"local with a scenario",
			[]string{"local", "--scenario", "./mine.yaml", "--order-rate", "2", "--poison-rate=0.5", "--disturb", "outage: save, for: 5s", "--disturb", "latency: '*', by: 1s"},
			nil, "local",
			func(s *config.Settings) {
				s.Local, s.Scenario, s.OrderRate, s.PoisonRate = true, "./mine.yaml", 2, 0.5
				s.Disturbances = []string{"outage: save, for: 5s", "latency: '*', by: 1s"}
			},
		},
		{
			"a deployment",
			[]string{"--profile", "shop", "--region", "eu-west-1", "--stack", "s", "--read-only"},
			nil, "dashboard",
			func(s *config.Settings) { s.Profile, s.Region, s.Stack, s.ReadOnly = "shop", "eu-west-1", "s", true },
		},
		{
			"the environment", nil,
			map[string]string{"ORDEROPS_STACK": "shop", "ORDEROPS_READ_ONLY": "1"},
			"dashboard",
			func(s *config.Settings) { s.Stack, s.ReadOnly = "shop", true },
		},
		{
			"a flag before the environment",
			[]string{"--stack", "mine", "--read-only=false"},
			map[string]string{"ORDEROPS_STACK": "shop", "ORDEROPS_READ_ONLY": "1"},
			"dashboard",
			func(s *config.Settings) { s.Stack = "mine" },
		},
		{
			"the local command",
			[]string{"local", "--listen", "127.0.0.1:9999", "--wait", "2s"},
			map[string]string{"ORDEROPS_STACK": "shop"},
			"local",
			func(s *config.Settings) { s.Local, s.Listen, s.Wait = true, "127.0.0.1:9999", 2*time.Second },
		},
		{
			"submit, flags before the command", append([]string{"--endpoint-url", "http://127.0.0.1:4566"}, burgerFlags()...), nil, "submit",
			func(s *config.Settings) { s.EndpointURL = "http://127.0.0.1:4566" },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := &world{terminal: true, environment: tt.environment, submitter: &submitter{submission: sent()}}
			want := config.Default()
			tt.want(&want)
			if code := w.run(t, tt.args...); code != cli.ExitOK || w.ran != tt.ran {
				t.Fatalf("exit code %d, ran %q, errors %s", code, w.ran, w.err.String())
			}
			if diff := cmp.Diff(want, w.settings); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUsageMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"unknown command", []string{"redrive"}, `unknown command "redrive"`},
		{"a misspelled command", []string{"exekutions"}, "Did you mean orderops executions?"},
		{"unknown command of others", []string{"--endpoint-url", "http://127.0.0.1:1", "dlq", "inspct", "-o", "json"}, `unknown command "inspct" for "orderops dlq"`},
		{"misspelled command of others", []string{"dlq", "inspct"}, "Did you mean orderops dlq inspect? See orderops dlq --help"},
		{"nothing like it", []string{"dlq", "zzzzzzzz"}, "next  See orderops dlq --help"},
		{"an argument is missing", []string{"executions", "logs"}, "orderops: EXECUTION is missing"},
		{"arguments too many", []string{"trace", "a", "b"}, "orderops trace takes one ORDER|EXECUTION|USER, and got 2 arguments"},
		{"an unknown tier", []string{"iam", "root"}, `TIER "root" is no tier`},
		{"sorted groups", []string{"dlq", "inspect", "--group", "--sort", "sent"}, "--group puts the largest group first"},
		{"an unknown column", []string{"dlq", "inspect", "--sort", "when"}, "--sort when is no column"},
		{"unknown flag", []string{"--loco"}, "--loco"},
		{"a hostile argument", []string{"x\x1b]0;title\x07"}, "unknown command"},
		{"an argument too many", []string{"local", "now"}, "now"},
		{"no number", []string{"--seed", "x"}, "--seed"},
		{"a knob without local", []string{"--wait", "5s"}, "--wait is a knob of the local AWS"},
		{"local and an endpoint", []string{"--local", "--endpoint-url", "http://127.0.0.1:1"}, "--endpoint-url has no meaning"},
		{"no user", []string{"submit", "--quantity", "3", "--restaurant", "r"}, "--user is empty"},
		{"a bad quantity", []string{"submit", "--user", "u", "--quantity", "three", "--restaurant", "r"}, `--quantity is "three"`},
		{"a bad format", burgerFlags("-o", "xml"), "must be table, json, jsonl or csv"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := &world{terminal: true, submitter: &submitter{}}
			if code := w.run(t, tt.args...); code != cli.ExitUsage {
				t.Errorf("exit code %d, want %d", code, cli.ExitUsage)
			}
			if w.ran != "" || w.out.Len() > 0 {
				t.Errorf("ran %q and printed %q, want nothing", w.ran, w.out.String())
			}
			if got := w.err.String(); !strings.Contains(got, tt.want) || strings.ContainsAny(got, "\x1b\x07") {
				t.Errorf("got %q, want it to say %q, without control characters", got, tt.want)
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		code int
	}{
		{nil, cli.ExitOK},
		{errors.New("odd"), cli.ExitFailed},
		{&workflow.Problem{Kind: workflow.Forbidden}, cli.ExitFailed},
		{&workflow.Problem{Kind: workflow.Invalid}, cli.ExitUsage},
		{&config.SettingError{}, cli.ExitUsage},
		{&workflow.Problem{Kind: workflow.Refused}, cli.ExitRefused},
		{&workflow.Problem{Kind: workflow.OutcomeUnknown}, cli.ExitUnknown},
	}
	for _, tt := range tests {
		w := &world{terminal: true, failure: tt.err}
		if code := w.run(t, "--local"); code != tt.code {
			t.Errorf("%v: exit code %d, want %d", tt.err, code, tt.code)
		}
	}
}

func TestProblemIsToldInThreeLines(t *testing.T) {
	t.Parallel()
	w := &world{terminal: true, failure: &workflow.Problem{
		Kind: workflow.Forbidden, Operation: "sqs:GetQueueAttributes", Target: "https://q\u202e", Reason: "no permission",
		Next: "ask for it", RequestID: "r-1", Err: errors.New("operation error SQS: a chain of words"),
	}}
	w.run(t)
	got := w.err.String()
	for _, want := range []string{"sqs:GetQueueAttributes failed (https://q", "why   no permission\n", "next  ask for it\n", "request id  r-1\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want it to say %q", got, want)
		}
	}
	if strings.Contains(got, "operation error") || strings.Contains(got, "\u202e") {
		t.Errorf("got %q, want neither the error chain nor a bidirectional control", got)
	}
}

func TestDashboardNeedsATerminal(t *testing.T) {
	t.Parallel()
	w := &world{}
	if code := w.run(t, "--local"); code != cli.ExitUsage || w.ran != "" {
		t.Errorf("exit code %d, ran %q", code, w.ran)
	}
	if got := w.err.String(); !strings.Contains(got, "needs a terminal") || strings.Contains(got, "\x1b") || w.out.Len() > 0 {
		t.Errorf("got %q and output %q", got, w.out.String())
	}
}

func TestSubmitSendsTheExactBody(t *testing.T) {
	t.Parallel()
	w := &world{submitter: &submitter{submission: sent()}}
	if code := w.run(t, burgerFlags()...); code != cli.ExitOK {
		t.Fatalf("exit code %d: %s", code, w.err.String())
	}
	if diff := cmp.Diff([]string{burger}, w.submitter.bodies); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
}

func TestSubmitReadOnlySendsNothing(t *testing.T) {
	t.Parallel()
	w := &world{submitter: &submitter{submission: sent()}}
	if code := w.run(t, burgerFlags("--read-only")...); code != cli.ExitRefused || len(w.submitter.bodies) > 0 {
		t.Errorf("exit code %d, sent %v", code, w.submitter.bodies)
	}
	w = &world{submitter: &submitter{}}
	if code := w.run(t, burgerFlags("--read-only", "--dry-run")...); code != cli.ExitOK || len(w.submitter.bodies) > 0 {
		t.Errorf("dry run: exit code %d, sent %v", code, w.submitter.bodies)
	}
}

func TestSubmitUnknownStillTellsTheDigest(t *testing.T) {
	t.Parallel()
	submission := sent()
	submission.OrderID, submission.MessageID, submission.Outcome = "", "", workflow.Unknown
	w := &world{submitter: &submitter{submission: submission, err: &workflow.Problem{Kind: workflow.OutcomeUnknown, Operation: "sqs:SendMessage"}}}
	if code := w.run(t, burgerFlags()...); code != cli.ExitUnknown {
		t.Errorf("exit code %d, want %d", code, cli.ExitUnknown)
	}
	var got map[string]any
	if err := json.Unmarshal(w.out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got["status"] != "unknown" || got["md5"] != submission.BodyMD5 || got["order"] != nil {
		t.Errorf("got %v", got)
	}
}

func TestJSONIsHarmlessAndTheSame(t *testing.T) {
	t.Parallel()
	hostile := "a\u009b31m\u202e\u2028\u200b\U000e0001\x7fé"
	s := sent()
	s.MessageID = workflow.MessageID(hostile)
	w := &world{submitter: &submitter{submission: s}}
	w.run(t, burgerFlags("-o", "json")...)
	for _, r := range w.out.String() {
		if r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Errorf("%U is in the output", r)
		}
	}
	var got struct {
		OrderID string `json:"order"`
	}
	if err := json.Unmarshal(w.out.Bytes(), &got); err != nil || got.OrderID != hostile {
		t.Errorf("got %q, %v; want what went in", got.OrderID, err)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	w := &world{}
	if code := w.run(t, "version"); code != cli.ExitOK || w.out.String() != "orderops v1.2.3\n" {
		t.Errorf("exit code %d, got %q", code, w.out.String())
	}
}
