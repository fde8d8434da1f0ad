import { useMe } from '../../api/hooks'
import { OrderEntry } from '../../forms/order/OrderEntry'
import { Loading } from '../../ui/states'

export default function NewOrder() {
  const { data: me } = useMe()
  return me ? <OrderEntry me={me} /> : <Loading />
}
