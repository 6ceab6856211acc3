package config

// Names of the flags, without dashes.
const (
	FlagLocal                 = "local"
	FlagContext               = "context"
	FlagConfig                = "config"
	FlagTheme                 = "theme"
	FlagProfile               = "profile"
	FlagRegion                = "region"
	FlagEndpointURL           = "endpoint-url"
	FlagStack                 = "stack"
	FlagReadOnly              = "read-only"
	FlagQueueURL              = "queue-url"
	FlagDeadLetterURL         = "dlq-url"
	FlagStateMachine          = "state-machine"
	FlagTable                 = "table"
	FlagTopic                 = "topic"
	FlagWait                  = "wait"
	FlagVisibility            = "visibility"
	FlagSeed                  = "seed"
	FlagListen                = "listen"
	FlagPaymentFailureRate    = "payment-failure-rate"
	FlagRestaurantFailureRate = "restaurant-failure-rate"
	FlagScenario              = "scenario"
	FlagOrderRate             = "order-rate"
	FlagPoisonRate            = "poison-rate"
	FlagDisturb               = "disturb"
)
