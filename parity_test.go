package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"orderops/config"
	"orderops/ui/action"
	"orderops/ui/cli"
	"orderops/ui/keys"
	"orderops/workflow/operation/planfile"
)

const (
	onScreen = "– how the screen is used"
	shellOwn = "– the command is the other way round"
)

// parity tells how a script does what an action does: by the section and the name
// of the action, by which its keys are set. A dash says why there is no command.
// What a part of a screen does as the whole screen does, in the same words, has
// its row there.
func parity() map[string]map[string]string {
	return map[string]map[string]string{
		"1 Overview": {
			"open":    "orderops status",
			"submit":  "orderops submit",
			"metrics": "orderops status --no-metrics",
		},
		"2 Orders": {
			"open":         "orderops trace",
			"execution":    "orderops executions show",
			"filter":       "orderops orders list --filter",
			"sort":         "orderops orders list --sort",
			"sort-reverse": "orderops orders list --reverse",
			"find":         "orderops trace",
			"read-older":   "orderops orders export",
			"copy":         "orderops orders list --columns",
			"export":       "orderops orders list --output",
		},
		"3 Executions": {
			"open":           "orderops executions show",
			"filter":         "orderops executions list --filter",
			"sort":           "orderops executions list --sort",
			"sort-reverse":   "orderops executions list --reverse",
			"redrive":        "orderops executions redrive",
			"cancel-redrive": "– ctrl+c",
			"stop":           "orderops executions stop",
			"copy":           "orderops executions list --columns",
			"console":        "– a link for a browser",
			"export":         "orderops executions list --output",
			"run-again":      "orderops executions rerun",
			"run-edited":     "orderops executions rerun --input",
			"copy-command":   shellOwn,
			"copy-change":    shellOwn,
		},
		"3 Executions: one execution": {
			"step-back":  "orderops executions history",
			"step-on":    "orderops executions history",
			"next-pane":  onScreen,
			"events":     "orderops executions history",
			"log":        "orderops executions logs",
			"graph":      "orderops executions graph",
			"move-graph": onScreen,
			"filter":     onScreen,
			"copy":       "orderops executions show --columns",
			"copy-json":  "orderops executions show --output",
			"order":      "orderops orders show",
			"back":       onScreen,
		},
		"4 Dead letters": {
			"inspect":          "orderops dlq inspect",
			"open":             "orderops dlq show",
			"redrive":          "orderops dlq redrive",
			"delete":           "orderops dlq delete",
			"redrive-all":      "orderops dlq redrive --filter",
			"redrive-whatever": "orderops dlq redrive --include",
			"redrive-few":      "orderops dlq redrive --canary",
			"purge":            "orderops dlq purge",
			"copy-to-queue":    "orderops dlq move --keep",
			"pause-run":        "– ctrl+c, then orderops dlq finish",
			"finish":           "orderops dlq finish",
			"verify":           "orderops dlq finish --verify",
			"move-all":         "orderops dlq redrive --all",
			"move-elsewhere":   "orderops dlq redrive --all",
			"purge-unarchived": "orderops dlq purge --not-archived",
			"apply-saved":      "orderops apply",
			"cancel":           "orderops dlq cancel",
			"edit":             "orderops dlq edit",
			"export":           "orderops dlq export",
			"groups":           "orderops dlq inspect --group",
			"edit-in-editor":   "orderops dlq edit",
			"edit-by-jq":       "orderops dlq edit --jq",
			"compare":          "– diff, of what orderops dlq show prints",
			"import":           "orderops dlq import",
			"restore":          "orderops dlq restore",
			"next-pane":        "orderops dlq show --output",
			"wrap":             onScreen,
			"filter":           "orderops dlq inspect --filter",
			"sort":             "orderops dlq inspect --sort",
			"sort-reverse":     "orderops dlq inspect --reverse",
			"copy":             "orderops dlq inspect --columns",
			"copy-json":        "orderops dlq show --output",
		},
		"4 Dead letters: an edit": {
			"open":          "orderops dlq edit --jq",
			"next-edit":     "orderops dlq edit --dry-run",
			"previous-edit": "orderops dlq edit --dry-run",
			"next-pane":     "orderops dlq edit --dry-run",
			"copy-json":     "orderops dlq edit --dry-run",
			"back":          onScreen,
		},
		"4 Dead letters: groups":       {"open": "orderops dlq inspect --filter"},
		"4 Dead letters: one message":  {"filter": onScreen, "back": onScreen},
		"4 Dead letters: two compared": {"back": onScreen},
		"5 Submit: not typing": {
			"open": "orderops orders show",
			"edit": onScreen,
			"copy": "orderops submit --columns",
		},
		"5 Submit: typing": {
			"open":      "orderops submit",
			"next-pane": onScreen,
			"raw":       "orderops submit --file",
			"back":      onScreen,
		},
		"6 Activity": {
			"next-pane": onScreen,
			"by-api":    "orderops audit show",
			"runs":      "orderops dlq journal",
			"errors":    "– on the error stream",
		},
	}
}

// TestParity keeps docs/parity.md: each action of each screen has a command that
// does the same, with the AWS calls of both and the permissions that they need.
func TestParity(t *testing.T) {
	t.Parallel()
	pairs, sections := parity(), screens()
	var text strings.Builder
	text.WriteString("# Dashboard and commands\n\nMade by `make golden`: every action of the dashboard by the name under which its keys are set ([configuration.md](configuration.md)), the command that " +
		"does the same for a script, the AWS calls that it may make, and the IAM actions that allow them. Connecting adds " + strings.Join(strings.Fields(connecting), ", ") + ". " +
		"A test plays the commands and knows every call. [commands.md](commands.md) tells what each command takes.\n")
	for _, title := range slices.Sorted(maps.Keys(sections)) {
		fmt.Fprintf(&text, "\n## %s\n\n| name | action | command | calls | IAM actions |\n| --- | --- | --- | --- | --- |\n", title)
		seen := map[string]bool{}
		for _, a := range sections[title].Actions() {
			name := nameOf(title, a)
			command, ok := pairs[title][name]
			if whole, _, part := strings.Cut(title, ":"); !ok && part && does(sections[whole], whole, name, a.Title) {
				command, ok = pairs[whole][name]
			}
			if !ok {
				t.Errorf("%s: the action %s (%s) has no row: say which command does the same", title, name, a.Title)
			}
			if seen[name] {
				t.Errorf("%s: two actions are called %s", title, name)
			}
			if seen[name] = true; !ok {
				continue
			}
			calls := callsOf(t, command)
			fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n", name, a.Title, shown(command), strings.Join(strings.Fields(calls), ", "), strings.Join(permissions(calls), ", "))
		}
		for name := range pairs[title] {
			if !seen[name] {
				t.Errorf("%s: no action is called %s", title, name)
			}
		}
	}
	for title := range pairs {
		if sections[title] == nil {
			t.Errorf("there is no section %s", title)
		}
	}
	(&golden{t: t, dir: "docs", keeper: true}).compare("parity.md", []byte(text.String()))
}

// does tells whether a section has an action of that name that does the same.
func does(section documented, title, name, what string) bool {
	return section != nil && slices.ContainsFunc(section.Actions(), func(a action.Action) bool { return nameOf(title, a) == name && a.Title == what })
}

// nameOf is an action's name on its screen.
func nameOf(title string, a action.Action) string {
	named, _ := keys.NameOf(placeOf(title), a.Binding)
	return named.Name[strings.Index(named.Name, ".")+1:]
}

// callsOf are the calls of a command as a row has it; none of one that is a dash.
func callsOf(t *testing.T, command string) string {
	t.Helper()
	if strings.HasPrefix(command, "–") {
		return ""
	}
	path, flag, flagged := strings.Cut(command, " --")
	if !slices.Contains(cli.Commands(), path) {
		t.Errorf("there is no command %q", path)
	}
	if flagged && !slices.Contains(cli.Flags(path), flag) {
		t.Errorf("%s has no flag --%s", path, flag)
	}
	if calls, ok := commandCalls()[command]; ok {
		return calls
	}
	calls, ok := commandCalls()[path]
	if !ok {
		t.Errorf("%q: say in commandCalls which calls it may make", path)
	}
	return calls
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
	l, url := servedHere(t, settings, func(cloud http.Handler) http.Handler { return cloud })
	saved, letters := filepath.Join(t.TempDir(), "plan.json"), filepath.Join(t.TempDir(), "letters.jsonl")
	if err := os.WriteFile(letters, []byte(`{"message":"m","body":"x"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := planfile.Save(saved, planfile.Plan{
		Operation: planfile.Delete, Made: time.Now(), Account: "000000000000", Region: l.Cloud.Region(), Queue: url + "/000000000000/" + deadLetterQueue, Rest: true,
	}); err != nil {
		t.Fatal(err)
	}
	arguments := map[string][]string{
		"orderops submit":             {"--user", "u", "--quantity", "1", "--restaurant", "r"},
		"orderops orders show":        {"none"},
		"orderops orders watch":       {"--timeout", "2s"},
		"orderops executions show":    {"none"},
		"orderops executions history": {"none"},
		"orderops executions logs":    {"none"},
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
		"orderops dlq import":         {letters, "--inspect", "--yes", "--typed", deadLetterQueue},
		"orderops dlq restore":        {"none", "--yes"},
		"orderops apply":              {saved, "--yes", "--typed", deadLetterQueue},
		"orderops dlq cancel":         {"--yes"},
		"orderops dlq finish":         {"none", "--yes"},
		"orderops consumer pause":     {"--yes", "--typed", orderQueue},
		"orderops consumer resume":    {"--yes"},
		"orderops iam":                {"admin"},
		"orderops config use":         {"none"},
	}
	// These need a configuration file, which is not there.
	unplayed := []string{"orderops config show", "orderops config validate", "orderops config use"}
	for _, path := range cli.Commands() {
		if path == "orderops" || path == "orderops local" {
			continue // the dashboard, which has tests of its own, and AWS itself
		}
		args := append(strings.Fields(path)[1:], arguments[path]...)
		outcome := command(t, append(args, "--read-only", "--endpoint-url", url)...)
		if outcome.code == 2 && !slices.Contains(unplayed, path) {
			t.Errorf("%s was not played: %s", path, outcome.stderr)
		}
	}
	for action, n := range l.Cloud.Calls("orderops") {
		if action == "lambda:" && n == 1 {
			continue // the doctor's lambda:GetAccountSettings, which this AWS has no name for
		}
		if !reading(action) {
			t.Errorf("%d × %s were asked for while read-only", n, action)
		}
	}
	if len(l.Cloud.Calls("orderops")) < 5 {
		t.Errorf("only %v were asked for: the commands that read did not", l.Cloud.Calls("orderops"))
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
