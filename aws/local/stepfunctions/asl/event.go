package asl

// Event is one entry of an execution's history, without its id and time.
type Event struct {
	// Type is AWS's HistoryEventType.
	Type string
	// Details is what the event's details member holds; nil when it has none.
	Details *Details
	// Next is the state that follows a *StateExited, "" at the end. It is not
	// part of AWS's event; a redrive needs it.
	Next string
}

// Details are the members of all event details together; "" and 0 are left out.
type Details struct {
	Name, Input, Output            string
	Resource, ResourceType, Region string
	// Parameters is the request of a service integration, as JSON text.
	Parameters   string
	Error, Cause string
	RoleARN      string
	// TimeoutSeconds is the task's time-out.
	TimeoutSeconds int64
	// Redrives is the redriveCount of ExecutionRedriven.
	Redrives int
}

// History takes the events of one execution, in order.
type History interface {
	// Append gives the event its id. The error says why no event is taken any
	// more: ErrClosed, ErrFull.
	Append(previous int64, e Event) (id int64, err error)
}
