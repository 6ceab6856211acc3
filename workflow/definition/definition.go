// Package definition reads state machine definitions: the one of the order
// system, and any other for drawing.
package definition

// Machine is a state machine, or a branch of one, as a graph.
type Machine struct {
	Comment string
	StartAt string
	// States are in flow order: by layer, within it in the order in which
	// StartAt leads to them, then those that nothing leads to.
	States []State
}

// State is one state.
type State struct {
	Name string
	// Type is the definition's own word: Task, Wait, Choice, Map, …
	Type     string
	Resource string
	// Function is what a Task calls its Lambda function by, a name or an ARN; ""
	// when it calls none, or one that only its input names.
	Function string
	// End tells whether the execution, or the branch, can end here.
	End   bool
	Edges []Edge
	// WaitSeconds is the time of a fixed wait; 0 means that it is none.
	WaitSeconds float64
	// Layer is the length of the longest way from StartAt, loops left out.
	// States that nothing leads to have the last layer.
	Layer int
	// Retries are the rules by which the state is tried again.
	Retries []Retry
	// Children are the branches of a Parallel or the item processor of a Map.
	Children []*Machine
}

// Retry is a rule by which a state leads to itself again.
type Retry struct {
	// Errors are the names that it is for.
	Errors []string
	// MostAttempts is how often the state is tried again; 0 never.
	MostAttempts int
}

// EdgeKind says why one state follows another.
type EdgeKind string

// The kinds of edges.
const (
	Next    EdgeKind = "next"
	Choice  EdgeKind = "choice"
	Default EdgeKind = "default"
	Catch   EdgeKind = "catch"
)

// Edge leads from a state to another.
type Edge struct {
	To   string
	Kind EdgeKind
	// Label is a choice's condition or the errors that are caught, in short.
	Label string
}

// State finds a state of this machine, not of its children.
func (m *Machine) State(name string) (State, bool) {
	for _, s := range m.States {
		if s.Name == name {
			return s, true
		}
	}
	return State{}, false
}
