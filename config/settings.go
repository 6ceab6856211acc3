// Package config holds what the operator chose: which deployment to look at,
// how to reach it, and the knobs of the local AWS. Values come from defaults,
// then a context of the configuration file, then the environment, then flags;
// the AWS_* variables are the SDK's business.
package config

import "time"

// DefaultListen is where `orderops local` listens unless told otherwise.
const DefaultListen = "127.0.0.1:4566"

// Settings are the choices of one start of the program. An empty text means
// not chosen: the SDK's configuration or the stack's outputs decide.
type Settings struct {
	// Profile, Region and EndpointURL are handed to the AWS SDK.
	Profile     string
	Region      string
	EndpointURL string
	// Stack is the CloudFormation stack to look in; "" means find the only one.
	Stack string
	// ReadOnly refuses every AWS call that changes something.
	ReadOnly bool

	// Context is the chosen context's name, "" when none is.
	Context string
	// ConfigFile is where contexts are read; "" means the usual place.
	ConfigFile string
	// Production refuses changes until the operator unlocks them with a reason,
	// for UnlockFor.
	Production bool
	UnlockFor  time.Duration
	// Reason and Confirm unlock a production context for one command: why, and
	// the context's name.
	Reason, Confirm string
	// BudgetShare is the part of each API's refill that polling may use.
	BudgetShare float64
	// Theme is auto, dark or light; "" means auto.
	Theme string
	// Notify is how it is told that a followed order ended or that dead letters
	// grew: bell, osc9 or off; "" means bell.
	Notify string
	// Refresh is the least time between two polls of the same thing; 0 leaves the
	// program's own pace, which it never makes faster.
	Refresh time.Duration
	// Keys are the operator's own keys, by the name of an action.
	Keys map[string][]string
	// JournalDays is how long the journal keeps runs that were closed; 0 means
	// DefaultJournalDays.
	JournalDays int
	// Choice gives the settings of other contexts; nil when there is no file to
	// choose from.
	Choice *Choice

	// Local runs the order system on a local AWS in this process.
	Local bool

	// These name the parts of the deployment and win over the stack's outputs.
	QueueURL        string
	DeadLetterURL   string
	StateMachineARN string
	Table           string
	TopicARN        string

	// Wait and Visibility are parameters of the local deployment; 0 keeps the template's.
	Wait       time.Duration
	Visibility time.Duration
	// Seed makes the ids and the chances of the local AWS repeatable; 0 means a new one each start.
	Seed uint64
	// Listen is the loopback address of `orderops local`.
	Listen string
	// PaymentFailureRate and RestaurantFailureRate are chances from 0 to 1 for
	// the local functions; a negative one keeps the stock rate.
	PaymentFailureRate    float64
	RestaurantFailureRate float64
	// Scenario is what goes wrong on the local AWS: the name of a scenario that
	// comes with the program, or a file. "" is none; ScenarioList asks for the names.
	Scenario string
	// OrderRate is how many orders arrive by themselves in a second, PoisonRate the
	// share of them that nobody can read. A negative one keeps the scenario's.
	OrderRate  float64
	PoisonRate float64
	// Disturbances are added to the scenario's, each written as there.
	Disturbances []string
}

// ScenarioList in place of a scenario asks which there are.
const ScenarioList = "list"

// Default are the settings of a start without flags and environment.
func Default() Settings {
	return Settings{
		Listen: DefaultListen, PaymentFailureRate: -1, RestaurantFailureRate: -1, OrderRate: -1, PoisonRate: -1,
		UnlockFor: DefaultUnlock, BudgetShare: DefaultBudgetShare,
	}
}
