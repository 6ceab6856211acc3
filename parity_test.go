package main

import (
	"cmp"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"orderops/config"
	"orderops/ui/cli"
)

// pair is an action of the dashboard, the command that does the same, and the
// calls that either may make. A command that is a dash says why there is none.
type pair struct{ command, calls string }

// The calls that stand behind several actions.
const (
	readingOne   = "states:DescribeExecution states:GetExecutionHistory states:DescribeStateMachine dynamodb:BatchGetItem"
	readingLists = "states:ListExecutions states:DescribeExecution states:GetExecutionHistory states:DescribeStateMachine dynamodb:BatchGetItem"
	inspecting   = "sqs:GetQueueAttributes sqs:ReceiveMessage sqs:ChangeMessageVisibilityBatch dynamodb:BatchGetItem states:DescribeExecution"
	redriving    = inspecting + " sqs:GetQueueUrl lambda:ListEventSourceMappings lambda:GetFunctionConfiguration sqs:SendMessageBatch sqs:DeleteMessageBatch"
	onScreen     = "– how the screen is used"
)

// parity tells by an action's title how a script does the same.
func parity() map[string]pair {
	return map[string]pair{
		// Overview.
		"open what needs attention":                          {"orderops status", readingLists + " sqs:GetQueueAttributes sqs:ListMessageMoveTasks logs:FilterLogEvents lambda:ListEventSourceMappings lambda:GetFunctionConfiguration cloudwatch:GetMetricData sns:GetTopicAttributes"},
		"submit an order":                                    {"orderops submit", "sqs:SendMessage sqs:SendMessageBatch"},
		"read CloudWatch's metrics, which cost, or leave it": {"orderops status --no-metrics", "cloudwatch:GetMetricData"},
		// Orders.
		"trace the order: everything that happened to it":      {"orderops trace", readingOne},
		"open the order's execution":                           {"orderops executions show", readingOne},
		"filter orders":                                        {"orderops orders list --filter", readingLists},
		"sort by the next column":                              {"orderops orders list --sort", ""},
		"turn the sort round":                                  {"orderops orders list --reverse", ""},
		"trace an order by its id, execution, message or user": {"orderops trace", readingOne + " dynamodb:Query"},
		"read a page of older orders from the table, newest first where it has the index by day": {"orderops orders export", "dynamodb:DescribeTable dynamodb:Query dynamodb:Scan"},
		"export orders to a file: what is marked, else all that match":                           {"orderops orders list", ""},
		"copy the order id": {"orderops orders list --columns order", ""},
		// Executions.
		"open the execution":                                    {"orderops executions show", readingOne},
		"filter executions":                                     {"orderops executions list --filter", readingLists},
		"redrive what ended without success":                    {"orderops executions redrive", readingLists + " states:RedriveExecution"},
		"cancel the redrive that is under way":                  {"– ctrl+c", ""},
		"stop the execution":                                    {"orderops executions stop", readingOne + " states:StopExecution"},
		"copy the AWS console's address":                        {"– a link for a browser", ""},
		"export to a file: what is marked, else all that match": {"orderops executions list", readingLists},
		"run the order again":                                   {"orderops executions rerun", "states:DescribeExecution states:StartExecution"},
		"run the order again with an edited input":              {"orderops executions rerun --input", "states:DescribeExecution states:StartExecution"},
		"copy as AWS CLI command: look at the execution":        {"– the command is the other way round", ""},
		"copy as AWS CLI command: stop, redrive or run again":   {"– the command is the other way round", ""},
		// One execution.
		"step back by one event":                             {"orderops executions history", readingOne},
		"step on by one event":                               {"orderops executions history", readingOne},
		"list the events, or show the data":                  {"orderops executions history", readingOne},
		"show the graph over everything, or beside the rest": {"orderops executions graph", readingOne},
		"move in the states, or in the data":                 {onScreen, ""},
		"move the graph":                                     {onScreen, ""},
		"search in the data":                                 {onScreen, ""},
		"copy what is selected in the data":                  {"orderops executions show", readingOne},
		"show the order of this execution":                   {"orderops orders show", readingOne},
		"back to the list":                                   {onScreen, ""},
		// Dead letters.
		"inspect the dead letters":                                                                          {"orderops dlq inspect", inspecting},
		"open the message":                                                                                  {"orderops dlq show", inspecting},
		"redrive the chosen messages":                                                                       {"orderops dlq redrive", redriving},
		"delete the chosen messages, archived first":                                                        {"orderops dlq delete", inspecting + " sqs:DeleteMessageBatch"},
		"redrive all that match the filter, also those not received yet":                                    {"orderops dlq redrive --filter", redriving},
		"redrive the chosen messages whatever their verdict":                                                {"orderops dlq redrive --include", redriving},
		"redrive a few of the chosen messages, follow them, then redrive the rest":                          {"orderops dlq redrive --canary", redriving},
		"pause the run, or go on":                                                                           {"– ctrl+c, then orderops dlq finish", ""},
		"finish the redrive that broke off":                                                                 {"orderops dlq finish", redriving},
		"verify the redrive that broke off, without sending anything":                                       {"orderops dlq finish --verify", inspecting + " sqs:DeleteMessageBatch"},
		"redrive all dead letters by SQS, unmodified and whatever their verdict":                            {"orderops dlq redrive --all", "sqs:GetQueueAttributes sqs:ListDeadLetterSourceQueues sqs:ListMessageMoveTasks sqs:StartMessageMoveTask"},
		"import dead letters from an exported file":                                                         {"– not as a command yet", ""},
		"restore the messages that a run has deleted":                                                       {"– not as a command yet", ""},
		"copy the chosen messages to another queue":                                                         {"orderops dlq move --keep", inspecting + " sqs:SendMessageBatch"},
		"delete all dead letters, received or not, archived first":                                          {"orderops dlq purge", inspecting + " sqs:DeleteMessageBatch"},
		"edit the order of one message and redrive it as a new order":                                       {"orderops dlq edit", redriving},
		"edit the body of one message in your editor and redrive it as a new order":                         {"orderops dlq edit", redriving},
		"edit the bodies of many messages by a jq expression, look at each, and redrive them as new orders": {"orderops dlq edit --jq", redriving},
		"show the groups of verdict and cause, or the messages":                                             {"orderops dlq inspect --group", inspecting},
		"show how the two marked messages differ":                                                           {"– diff, of what orderops dlq show prints", ""},
		"cancel the move task":                                                                              {"orderops dlq cancel", "sqs:GetQueueAttributes sqs:ListMessageMoveTasks sqs:CancelMessageMoveTask"},
		"show the message another way":                                                                      {"orderops dlq show -o", inspecting},
		"wrap long lines, or scroll them by ← and →":                                                        {onScreen, ""},
		"filter the dead letters":                                                                           {"orderops dlq inspect --filter", inspecting},
		"export dead letters to a file: what is marked, else all received that match":                       {"orderops dlq export", inspecting},
		"copy the message id":                                                                               {"orderops dlq inspect --columns message", ""},
		"copy the body as it came":                                                                          {"orderops dlq show -o json", inspecting},
		// The open message, the groups, two that are compared, and an edit.
		"search in the body":                                                                   {onScreen, ""},
		"list the messages of the group":                                                       {"orderops dlq inspect --filter", inspecting},
		"redrive the edited messages as new orders":                                            {"orderops dlq edit --jq", redriving},
		"show what the edit does to the next message":                                          {"orderops dlq edit --dry-run", inspecting},
		"show what the edit does to the message before":                                        {"orderops dlq edit --dry-run", inspecting},
		"show the messages of the next outcome: edited, rejected, unchanged, failed, not JSON": {"orderops dlq edit --dry-run", inspecting},
		"copy the edited body":                                                                 {"orderops dlq edit --dry-run -o json", inspecting},
		"leave the edit; nothing was changed":                                                  {onScreen, ""},
		// Submit.
		"next field":                {onScreen, ""},
		"stop typing":               {onScreen, ""},
		"type an order":             {onScreen, ""},
		"edit the raw body":         {"orderops submit --file", "sqs:SendMessageBatch"},
		"review and send the order": {"orderops submit", "sqs:SendMessage"},
		"go to the newest order":    {"orderops orders show", readingOne},
		"copy the newest order id":  {"orderops submit -o json", ""},
		// Activity.
		"the other pane":                      {onScreen, ""},
		"errors in full":                      {"– on the error stream", ""},
		"show use by API or the newest calls": {"orderops audit show", ""},

		"show runs over dead letters and what became of each message": {"orderops dlq journal", ""},
	}
}

// TestParity keeps docs/parity.md: each action of each screen has a command that
// does the same, with the AWS calls of both and the permissions that they need.
func TestParity(t *testing.T) {
	t.Parallel()
	pairs := parity()
	commands := cli.Commands()
	used := map[string]bool{}
	sections := screens()
	var text strings.Builder
	text.WriteString("# Dashboard and commands\n\nMade by `make golden`: every action of the dashboard, the command that does the same for a script, the AWS calls that either may make, " +
		"and the IAM actions that allow them. Connecting adds sts:GetCallerIdentity, cloudformation:ListStacks, cloudformation:DescribeStacks and sqs:GetQueueUrl. " +
		"docs/commands.md tells what each command takes.\n")
	titles := make([]string, 0, len(sections))
	for title := range sections {
		titles = append(titles, title)
	}
	slices.SortFunc(titles, cmp.Compare[string])
	for _, title := range titles {
		fmt.Fprintf(&text, "\n## %s\n\n| action | command | calls | IAM actions |\n| --- | --- | --- | --- |\n", title)
		for _, a := range ownActions(title, sections[title]) {
			p, ok := pairs[a.Title]
			if !ok {
				t.Errorf("%s: the action %q has no row: say which command does the same", title, a.Title)
				continue
			}
			used[a.Title] = true
			known(t, commands, p.command)
			fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", a.Title, shown(p.command), strings.Join(strings.Fields(p.calls), ", "), strings.Join(permissions(p.calls), ", "))
		}
	}
	for action := range pairs {
		if !used[action] {
			t.Errorf("no screen has the action %q", action)
		}
	}
	(&golden{t: t, dir: "docs", keeper: true}).compare("parity.md", []byte(text.String()))
}

// known tells whether a command of a row is one, flags left out.
func known(t *testing.T, commands []string, command string) {
	t.Helper()
	if strings.HasPrefix(command, "–") {
		return
	}
	path, _, _ := strings.Cut(command, " -")
	if !slices.Contains(commands, path) {
		t.Errorf("there is no command %q", path)
	}
}

func shown(command string) string {
	if strings.HasPrefix(command, "–") {
		return command
	}
	return "`" + command + "`"
}

// permissions are the IAM actions of calls: a batch has none of its own.
func permissions(calls string) []string {
	var list []string
	for call := range strings.FieldsSeq(calls) {
		if strings.HasPrefix(call, "sqs:") {
			call = strings.TrimSuffix(call, "Batch")
		}
		if !slices.Contains(list, call) {
			list = append(list, call)
		}
	}
	return list
}

// TestCommandsReadOnly plays every command with --read-only, agreed to and
// unlocked, against an AWS that records: no call changes anything.
func TestCommandsReadOnly(t *testing.T) {
	t.Parallel()
	settings := config.Default()
	settings.Local = true
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	l, err := newRehearsed(settings, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	server.Config.Handler = l.cloud.Handler()
	server.Start()
	t.Cleanup(server.Close)
	if err := l.deploy(); err != nil {
		t.Fatal(err)
	}
	arguments := map[string][]string{
		"orderops submit":             {"--user", "u", "--quantity", "1", "--restaurant", "r"},
		"orderops orders show":        {"none"},
		"orderops orders watch":       {"--timeout", "2s"},
		"orderops executions show":    {"none"},
		"orderops executions history": {"none"},
		"orderops executions watch":   {"--timeout", "2s"},
		"orderops executions stop":    {"none", "--yes"},
		"orderops executions redrive": {"none", "--yes"},
		"orderops executions rerun":   {"none", "--yes"},
		"orderops trace":              {"none"},
		"orderops dlq show":           {"none"},
		"orderops dlq plan":           {"none"},
		"orderops dlq redrive":        {"none", "--yes"},
		"orderops dlq edit":           {"none", "--yes", "--body", "parity_test.go"},
		"orderops dlq move":           {"none", "--yes", "--to", url + "/000000000000/OrderQueue"},
		"orderops dlq delete":         {"none", "--yes", "--typed", deadLetterQueue},
		"orderops dlq purge":          {"--yes", "--typed", deadLetterQueue},
		"orderops dlq cancel":         {"--yes"},
		"orderops dlq finish":         {"none", "--yes"},
		"orderops consumer pause":     {"--yes", "--typed", orderQueue},
		"orderops consumer resume":    {"--yes"},
		"orderops iam":                {"admin"},
		"orderops config use":         {"none"},
	}
	for _, path := range cli.Commands() {
		if path == "orderops" || path == "orderops local" {
			continue // the dashboard, which has tests of its own, and AWS itself
		}
		args := append(strings.Fields(path)[1:], arguments[path]...)
		outcome := command(t, append(args, "--read-only", "--endpoint-url", url)...)
		if outcome.code == 2 && strings.Contains(outcome.stderr, "arg(s)") {
			t.Errorf("%s was not played: %s", path, outcome.stderr)
		}
	}
	for action, n := range l.cloud.Calls("orderops") {
		if !reading(action) {
			t.Errorf("%d × %s were asked for while read-only", n, action)
		}
	}
	if len(l.cloud.Calls("orderops")) < 5 {
		t.Errorf("only %v were asked for: the commands that read did not", l.cloud.Calls("orderops"))
	}
}

// reading tells by its name whether a call only reads. Receiving a message has
// none of these names: it counts, and hides the message.
func reading(action string) bool {
	_, operation, _ := strings.Cut(action, ":")
	return slices.ContainsFunc([]string{"Get", "List", "Describe", "BatchGet", "Filter", "Query", "Scan"}, func(verb string) bool {
		return strings.HasPrefix(operation, verb)
	})
}
