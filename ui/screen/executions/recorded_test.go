package executions

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"orderops/ui/action"
	"orderops/ui/theme"
	"orderops/workflow"
	"orderops/workflow/definition"
	"orderops/workflow/monitor"
)

// recorded is the folder of AWS's recorded answers; the test is skipped where it
// is not at hand.
func recorded(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("ORDEROPS_RECORDED")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "aws-recorded")
	}
	if _, err := os.Stat(filepath.Join(folder, "index.json")); err != nil {
		t.Skip("no recordings at hand: ORDEROPS_RECORDED names their folder")
	}
	return folder
}

// read reads a JSON file.
func read(t *testing.T, path string, into any) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(content, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// events makes events of a recorded history. The recordings hide the times, so
// each event is a second after the one before; of parallel branches they hide
// ids too, for which the place in the list stands in.
func events(list []map[string]any) []workflow.Event {
	var out []workflow.Event
	hidden := false
	for _, recorded := range list {
		if _, ok := recorded["id"].(float64); !ok {
			hidden = true
		}
	}
	for i, recorded := range list {
		var e workflow.Event
		e.Type, _ = recorded["type"].(string)
		id, _ := recorded["id"].(float64)
		previous, _ := recorded["previousEventId"].(float64)
		if e.ID, e.PreviousID = int64(id), int64(previous); hidden {
			e.ID, e.PreviousID = int64(i+1), int64(i)
		}
		e.Time = start().Add(time.Duration(e.ID) * time.Second)
		for name, value := range recorded {
			details, ok := value.(map[string]any)
			if !ok || !strings.HasSuffix(name, "Details") {
				continue
			}
			e.State = recordedText(details["name"])
			e.Input, e.Output = recordedText(details["input"]), recordedText(details["output"])
			e.Error, e.Cause = recordedText(details["error"]), recordedText(details["cause"])
		}
		out = append(out, e)
	}
	return out
}

// recordedText is a recorded text; texts of JSON were recorded as what they hold.
func recordedText(value any) string {
	if s, ok := value.(string); ok || value == nil {
		return s
	}
	encoded, _ := json.Marshal(value)
	return string(encoded)
}

// machines are the definitions that each recorded test used, where it is one.
func machines(t *testing.T, folder string) map[string]*definition.Machine {
	t.Helper()
	var index struct {
		Tests []struct {
			File, Test   string
			ASLTemplates []string `json:"aslTemplates"`
		}
	}
	read(t, filepath.Join(folder, "index.json"), &index)
	parsed := map[string]*definition.Machine{}
	for _, test := range index.Tests {
		if len(test.ASLTemplates) != 1 {
			continue
		}
		name := test.ASLTemplates[0]
		group := filepath.Base(filepath.Dir(filepath.Dir(name)))
		content, err := os.ReadFile(filepath.Join(folder, "asl-strict-json", group, "statemachines", strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))+".json"))
		if err != nil {
			continue
		}
		if m, err := definition.Parse(content); err == nil {
			parsed[test.Test] = m
		}
	}
	return parsed
}

// Every recorded history shows as a timeline with all states that it entered,
// and as a graph where its definition is known; every event is listed.
func TestRecordedHistoriesShow(t *testing.T) {
	t.Parallel()
	folder := recorded(t)
	known := machines(t, folder)
	shown, drawn := 0, 0
	err := filepath.WalkDir(filepath.Join(folder, "tests"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".snapshot.json") {
			return err
		}
		var tests map[string]struct {
			Content map[string]json.RawMessage `json:"recorded-content"`
		}
		read(t, path, &tests)
		for name, test := range tests {
			for _, answer := range test.Content {
				var history struct{ Events []map[string]any }
				if json.Unmarshal(answer, &history) != nil || len(history.Events) == 0 || history.Events[0]["type"] == nil {
					continue
				}
				_, short, _ := strings.Cut(name, "::")
				m := known[short]
				if m == nil {
					_, method, _ := strings.Cut(short, "::")
					m = known[method]
				}
				shown++
				if m != nil {
					drawn++
				}
				showRecorded(t, name, events(history.Events), m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d histories, %d of them with their definition", shown, drawn)
	if shown < 200 || drawn < 100 {
		t.Errorf("only %d histories, %d with a definition", shown, drawn)
	}
}

func showRecorded(t *testing.T, name string, list []workflow.Event, m *definition.Machine) {
	t.Helper()
	now := start().Add(time.Hour)
	world := &action.World{Store: monitor.NewStore(), Now: now, Context: t.Context()}
	world.Store.Apply(
		monitor.DefinitionRead{Name: "Machine", Machine: m, At: now},
		monitor.ExecutionsListed{Executions: []workflow.Execution{{ARN: arn, Name: "order-1", Status: workflow.Running, Started: start()}}, At: now},
		monitor.HistoryRead{Feed: monitor.HistoryFeed, ARN: arn, Events: list, At: now},
	)
	s := New(world)
	s.SetSize(200, 56)
	s.Show(action.Open{Select: string(arn), Detail: true})
	for at := 0; at < len(list); at += max(1, len(list)/8) {
		s.detail.at = at
		s.detail.refresh()
		for i, line := range strings.Split(s.View(), "\n") {
			if w := ansi.StringWidth(line); w != 200 {
				t.Fatalf("%s, event %d: line %d has %d cells", name, at, i, w)
			}
		}
	}
	s.detail.at = newest
	s.detail.refresh()
	visited := map[string]int{}
	for _, st := range s.detail.states {
		visited[st.State]++
	}
	entered := map[string]int{}
	for _, e := range list {
		if strings.HasSuffix(e.Type, "StateEntered") {
			entered[e.State]++
		}
	}
	for state, n := range entered {
		if visited[state] < n {
			t.Errorf("%s: %s was entered %d times and is shown %d times", name, state, n, visited[state])
		}
		if m == nil {
			continue
		}
		found := false
		for _, b := range s.detail.scene().Picture(s.theme).Boxes {
			found = found || b.ID == state && (b.Tone != theme.Dim || b.Glyph != "·")
		}
		if !found {
			t.Errorf("%s: the graph does not show that %s was entered", name, state)
		}
	}
	if got := len(s.detail.eventLines(100, 10)); got != 10 && got != len(list) {
		t.Errorf("%s: %d lines of events", name, got)
	}
}
