package asl

// Event is one entry of an execution's history, without its id and time.
type Event struct {
	// Previous is the id of the event that it follows.
	Previous int64
	// Type is AWS's HistoryEventType.
	Type string
	// Details is what the event's details member holds.
	Details Details
	// Next is the state that follows a *StateExited, "" at the end. It is not
	// part of AWS's event; a redrive needs it.
	Next string
}

// Details are the members of all event details together; "" and 0 are left out.
type Details struct {
	Cause         string      `json:"cause,omitempty"`
	Error         string      `json:"error,omitempty"`
	Input         string      `json:"input,omitempty"`
	InputDetails  *Truncation `json:"inputDetails,omitempty"`
	Name          string      `json:"name,omitempty"`
	Output        string      `json:"output,omitempty"`
	OutputDetails *Truncation `json:"outputDetails,omitempty"`
	// Parameters is the request of a service integration, as JSON text.
	Parameters string `json:"parameters,omitempty"`
	// Redrives is the redriveCount of ExecutionRedriven.
	Redrives     int    `json:"redriveCount,omitempty"`
	Region       string `json:"region,omitempty"`
	Resource     string `json:"resource,omitempty"`
	ResourceType string `json:"resourceType,omitempty"`
	RoleARN      string `json:"roleArn,omitempty"`
	// TimeoutSeconds is the task's time-out.
	TimeoutSeconds int64 `json:"timeoutInSeconds,omitempty"`
}

// Truncation says that an event tells all of its input or output. Who reads a
// history sets it; it never is truncated here.
type Truncation struct {
	Truncated bool `json:"truncated"`
}

// History takes the events of one execution, in order.
type History interface {
	// Append gives the event its id. The error says why no event is taken any
	// more: ErrClosed, ErrFull.
	Append(e Event) (id int64, err error)
}
