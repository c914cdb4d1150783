package network

import "time"

// What is below happens at the end of a transition.

// deeds are one of each.
func deeds() []any { return []any{floatingIPIs{}, gatewayWorks{}, gatewayLeft{}} }

type floatingIPIs struct {
	floatingIP *FloatingIP
	status     string
}

func (d floatingIPIs) Happen(time.Time) { d.floatingIP.Status = d.status }

type gatewayWorks struct{ gateway *Gateway }

func (d gatewayWorks) Happen(time.Time) { d.gateway.state, d.gateway.migrate = available, notMoving }

// gatewayLeft has taken a gateway from its host, and sets it up on another one.
type gatewayLeft struct{ gateway *Gateway }

func (d gatewayLeft) Happen(at time.Time) {
	g, f := d.gateway, d.gateway.project.service.frame
	g.migrate = binding
	g.pending = f.Plan(at.Add(f.Transition-f.Transition/2), gatewayWorks{g})
}
