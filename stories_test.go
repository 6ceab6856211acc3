package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orderops/ui/cli"
)

// toldElsewhere are commands whose story is another test.
func toldElsewhere() map[string]string {
	return map[string]string{
		"orderops local":      "every story has one at its back",
		"orderops version":    "TestCommandWithoutTerminal",
		"orderops dlq finish": "TestKilled in workflow/operation: something has to break off first",
	}
}

// goldens are the names of the golden files in ui/cli that keep the formats of the
// records that a command prints.
func goldens() map[string]string {
	files := map[string]string{
		"submit": "submit", "executions list": "executions", "executions show": "execution", "executions history": "history",
		"orders list": "orders", "orders show": "order", "orders export": "rows", "trace": "moment", "consumer status": "consumer",
		"dlq plan": "dry-run", "dlq journal": "run", "dlq moves": "move", "doctor": "finding", "config show": "context", "config validate": "checked",
	}
	for kind, commands := range map[string]string{
		"audit":      "audit show,audit export",
		"executions": "executions watch",
		"orders":     "orders watch",
		"letter":     "dlq inspect,dlq show,dlq export",
		"item":       "dlq redrive,dlq edit,dlq move,dlq delete,dlq purge,dlq finish,dlq import,dlq restore,apply",
		"record":     "dlq cancel,dlq journal prune,consumer pause,consumer resume,executions stop,executions redrive,executions rerun",
	} {
		for command := range strings.SplitSeq(commands, ",") {
			files[command] = kind
		}
	}
	return files
}

// TestEveryCommandHasAStory wants each command to end with success in a story, and
// each of its formats to be kept by a golden file or shown in a story.
func TestEveryCommandHasAStory(t *testing.T) {
	t.Parallel()
	commands := cli.Commands()
	told := map[string]bool{} // by command, and by command and format
	stories, err := filepath.Glob("testdata/script/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, story := range stories {
		text, err := os.ReadFile(story)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line)
			if len(words) < 3 || !succeeds(words) {
				continue
			}
			path, format := "orderops", "json"
			for i, word := range words[2:] {
				if slices.Contains(commands, path+" "+word) {
					path += " " + word
				}
				if word == "-o" && i+3 < len(words) {
					format = words[i+3]
				}
			}
			told[path], told[path+" "+format] = true, true
		}
	}
	for _, path := range commands {
		leaf := !slices.ContainsFunc(commands, func(other string) bool { return strings.HasPrefix(other, path+" ") })
		if !leaf || strings.HasPrefix(path, "orderops completion") || toldElsewhere()[path] != "" {
			continue
		}
		if !told[path] {
			t.Errorf("no story in testdata/script ends with success for %q", path)
		}
		kind := goldens()[strings.TrimPrefix(path, "orderops ")]
		for _, format := range cli.Formats(path) {
			_, err := os.Stat(fmt.Sprintf("ui/cli/testdata/%s-%s.golden", kind, format))
			if !told[path+" "+format] && (kind == "" || err != nil) {
				t.Errorf("no golden file and no story has %q with -o %s", path, format)
			}
		}
	}
}

// succeeds tells whether a line of a story wants a command to end with success.
func succeeds(words []string) bool {
	switch words[0] {
	case "orderops", "interrupted":
		return words[1] == "0"
	}
	return words[0] == "first"
}
