package definition

import (
	"bytes"
	_ "embed"
)

//go:embed order.asl.json
var order []byte

// Order is the definition of the order system's state machine, in Amazon States
// Language. It holds ${SaveFunctionArn}, ${PaymentFunctionArn},
// ${RestaurantFunctionArn} and ${WaitSeconds}, which the deployment replaces
// textually (SAM DefinitionSubstitutions); before that it is no JSON.
func Order() []byte { return bytes.Clone(order) }
