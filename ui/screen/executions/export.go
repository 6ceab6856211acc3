package executions

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// exportAction writes what is marked, else all that passes the filter, to a file
// whose name is asked for.
func (s *Screen) exportAction() action.Action {
	a := action.Action{Binding: keys.New("export", "E"), Title: "export to a file: what is marked, else all that match", Quiet: true}
	if s.index().Len() == 0 {
		a.Unavailable = "there is nothing to export"
	}
	a.Run = func() tea.Cmd { return s.world.Export("executions", "executions-", s.export) }
	return a
}

// export writes the file beside the program. The executions are never changed
// after they were handed out, so that taking the list is enough.
func (s *Screen) export(name string) tea.Cmd {
	var list []*monitor.Execution
	if s.list.MarkCount() > 0 {
		for _, id := range s.list.Marked() {
			if e, ok := s.index().Get(workflow.ExecutionARN(id)); ok {
				list = append(list, e)
			}
		}
	} else {
		list = make([]*monitor.Execution, 0, s.index().Len())
		for i := range s.index().Len() {
			list = append(list, s.index().At(i))
		}
	}
	return s.world.WriteFile(name, "executions", len(list),
		func(w io.Writer) error { return writeCSV(w, list) }, func(w io.Writer) error { return writeLines(w, list) })
}

// exported is an execution in a file. Empty members are not known.
type exported struct {
	Order      string `json:"order"`
	Execution  string `json:"execution"`
	ARN        string `json:"arn"`
	Status     string `json:"status"`
	State      string `json:"state,omitempty"`
	Started    string `json:"started,omitempty"`
	Stopped    string `json:"stopped,omitempty"`
	Seconds    string `json:"seconds,omitempty"`
	User       string `json:"user,omitempty"`
	Quantity   string `json:"quantity,omitempty"`
	Restaurant string `json:"restaurant,omitempty"`
	Redrives   int    `json:"redrives"`
	Error      string `json:"error,omitempty"`
	Cause      string `json:"cause,omitempty"`
}

func exportOf(e *monitor.Execution) exported {
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	out := exported{
		Order: string(e.OrderID()), Execution: e.Name, ARN: string(e.ARN), Status: string(e.Status), State: e.State,
		Started: stamp(e.Started), Stopped: stamp(e.Stopped), User: e.UserID, Quantity: e.Quantity, Restaurant: e.Restaurant,
		Redrives: e.RedriveCount, Error: e.Error, Cause: e.Cause,
	}
	if !e.Stopped.IsZero() {
		out.Seconds = strconv.FormatFloat(e.Stopped.Sub(e.Started).Seconds(), 'f', 3, 64)
	}
	return out
}

func writeLines(w io.Writer, list []*monitor.Execution) error {
	encoder := json.NewEncoder(w)
	for _, e := range list {
		if err := encoder.Encode(exportOf(e)); err != nil {
			return err
		}
	}
	return nil
}

func writeCSV(w io.Writer, list []*monitor.Execution) error {
	out := csv.NewWriter(w)
	header := []string{"order", "execution", "arn", "status", "state", "started", "stopped", "seconds", "user", "quantity", "restaurant", "redrives", "error", "cause"}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, e := range list {
		x := exportOf(e)
		row := []string{x.Order, x.Execution, x.ARN, x.Status, x.State, x.Started, x.Stopped, x.Seconds, x.User, x.Quantity, x.Restaurant, fmt.Sprint(x.Redrives), x.Error, x.Cause}
		for i := range row {
			row[i] = workflow.HarmlessCell(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
