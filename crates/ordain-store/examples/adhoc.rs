use ordain_store::*;
use std::time::Instant;
fn id(n: i64) -> Id { let mut b=[0u8;16]; b[..8].copy_from_slice(&(1_700_000_000_000i64+n).to_be_bytes()); b[0]=1; b[8..].copy_from_slice(&(n as u64).wrapping_mul(0x9E3779B97F4A7C15).to_be_bytes()); b }
fn changes(from: i64, n: i64, flags: &str) -> Changes {
    let mut c = Changes::default();
    let body = "x".repeat(2500); let events="e".repeat(1800); let msg="m".repeat(400); let rb="r".repeat(700);
    let mut moves = std::collections::BTreeMap::new();
    let mut exp = std::collections::BTreeMap::new();
    for i in from..from+n {
        let r = |k:i64| (i.wrapping_mul(2654435761).wrapping_add(k*40503)).rem_euclid(2000);
        let names=["华南电子有限公司","东方机械制造厂","上海精密仪器","北京恒通科技发展"];
        let search = if flags.contains("nosearch"){String::new()} else {format!("po-{i} c{:04} {} sku-{} sku-{} sku-{} sku-{} sku-{}", r(9), names[(i%4) as usize], r(0),r(1),r(2),r(3),r(4))};
        let cust=format!("C{:04}", r(9));
        c.new_orders.push(OrderRow{org:1,id:id(i),number:format!("SO-20261123-{i:06}"),revision:1,version:1,status:"confirmed".into(),flags:"".into(),stage:"confirmed".into(),channel:"api".into(),customer:Some(cust.clone()),customer_name:Some(names[(i%4) as usize].into()),customer_po:Some(format!("PO-{i}")),currency:Some("CNY".into()),total_minor:Some(12345),requested_date:Some("2026-12-01".into()),receiver:None,waiting_department:None,waiting_node:None,waiting_who:None,waiting_since_ms:None,due_at_ms:None,created_at_ms:1_700_000_000_000+i,submitted_at_ms:Some(1),confirmed_at_ms:Some(1),updated_at_ms:1,head:[7;32],search,body:body.clone()});
        c.log.push(LogRow{org:1,seq:i,subject:format!("order:{i:036}"),subject_seq:1,at_ms:1_700_000_000_000+i,actor:"{\"token\":\"bench-token-0001\"}".into(),command:"submit_order".into(),reason:None,order_id:Some(id(i)),events:events.clone(),hash:[1;32],prev:[0;32]});
        let mut rows=vec![]; let mut seen=std::collections::BTreeSet::new();
        for l in 0..5 { let p=format!("SKU-{}",r(l)); if !seen.insert(p.clone()){continue;} *moves.entry(p.clone()).or_insert(0)+=1000; rows.push(ReservationRow{org:1,order_id:id(i),line:l,product:p,warehouse:"W1".into(),qty_milli:1000,kind:"hard".into()}); }
        c.reservations.push(Reservations{org:1,order_id:id(i),first:true,rows});
        *exp.entry(cust).or_insert(0)+=12345;
        c.outbox.push(OutboxRow{org:1,id:id(i),order_id:Some(id(i)),channel:"mail".into(),message:msg.clone(),state:"queued".into(),attempts:0,next_at_ms:1_700_000_000_000+i,lease_until_ms:0,lease_token:0,created_at_ms:i,sent_at_ms:None,last_error:None});
        c.timers.push(TimerRow{org:1,id:id(i),order_id:Some(id(i)),kind:"promise".into(),key:"x".into(),due_at_ms:1_800_000_000_000+i,body:"{}".into()});
        c.receipts.push(ReceiptRow{org:1,caller:"token:bench".into(),key:format!("key-{:032x}",(i as u128).wrapping_mul(0x9E3779B97F4A7C15F39CC0605CEDC835)),fingerprint:[1;32],status:201,body:rb.clone(),at_ms:i});
    }
    c.stock_moves = moves.into_iter().map(|(p,d)|StockMove{org:1,product:p,warehouse:"W1".into(),delta_milli:d}).collect();
    c.exposure_moves = exp.into_iter().map(|(p,d)|ExposureMove{org:1,customer:p,delta_minor:d}).collect();
    c.counters.push(CounterRow{org:1,name:"order".into(),day:"20261123".into(),n:from+n});
    c
}
fn main(){
    let a:Vec<String>=std::env::args().collect(); let dir=&a[1]; let total:i64=a[2].parse().unwrap(); let batch:i64=a[3].parse().unwrap(); let flags=a.get(4).cloned().unwrap_or_default();
    let path=std::path::Path::new(dir).join("adhoc.db");
    for s in ["","-wal","-shm"]{let _=std::fs::remove_file(format!("{}{s}",path.display()));}
    let (store,mut w)=Store::open(&OpenOptions::new(&path)).unwrap();
    let mut c=Changes::default();
    c.orgs.push(OrgRow{org:1,name:"x".into(),created_at_ms:0});
    for i in 0..2000{ c.stock.push(StockRow{org:1,product:format!("SKU-{i}"),warehouse:"W1".into(),on_hand_milli:1<<50,reserved_milli:0,frozen_milli:0,safety_milli:0,as_of_ms:0,updated_at_ms:0}); c.customers.push(CustomerRow{org:1,code:format!("C{i:04}"),name:"n".into(),level:None,credit_limit_minor:None,exposure_minor:0,currency:"CNY".into(),payment_terms:"NET30".into(),body:"{}".into(),version:1,updated_at_ms:0}); }
    w.commit(&c).unwrap();
    let mut spent=0f64; let mut at=1; let mut mark=(0f64,1i64); let mut worst=0f64;
    while at<total { let c=changes(at,batch,&flags); let t=Instant::now(); w.commit(&c).unwrap(); let e=t.elapsed().as_secs_f64(); worst=worst.max(e); spent+=e; at+=batch;
        if at-mark.1>=total/5 { println!("to {at}: {:.0} orders/s, worst commit {:.1} ms",(at-mark.1) as f64/(spent-mark.0),worst*1e3); mark=(spent,at); worst=0.; } }
    println!("total {:.0} orders/s {:.0} commits/s",(at as f64)/spent,(at/batch) as f64/spent);
    let s=store.stats().unwrap(); println!("{s:?} bytes/order {}", s.pages*s.page_size/at);
    let time=|name:&str,f:&dyn Fn()->usize|{ f(); let t=Instant::now(); let n=f(); println!("{name}: {n} rows {:.2} ms",t.elapsed().as_secs_f64()*1e3);};
    let f=|q:&str|OrderFilter{q:Some(q.into()),..Default::default()};
    time("list",&||store.list_orders(1,&OrderFilter::default(),None,50).unwrap().len());
    time("status",&||store.list_orders(1,&OrderFilter{statuses:vec!["confirmed".into(),"in_review".into()],..Default::default()},None,50).unwrap().len());
    time("customer",&||store.list_orders(1,&OrderFilter{customer:Some("C0042".into()),..Default::default()},None,50).unwrap().len());
    time("status+customer",&||store.list_orders(1,&OrderFilter{customer:Some("C0042".into()),statuses:vec!["confirmed".into()],..Default::default()},None,50).unwrap().len());
    time("stage none",&||store.list_orders(1,&OrderFilter{stage:Some("credit".into()),..Default::default()},None,50).unwrap().len());
    time("status none",&||store.list_orders(1,&OrderFilter{statuses:vec!["draft".into()],..Default::default()},None,50).unwrap().len());
time("channel none",&||store.list_orders(1,&OrderFilter{channel:Some("mail".into()),..Default::default()},None,50).unwrap().len());
    for q in ["po-5000","po-50","sku-12","sku","华南","华南电子","SO-20261123-0001","5000","so-2026"]{ time(q,&||store.list_orders(1,&f(q),None,50).unwrap().len()); }
    time("counts",&||store.order_counts(1).unwrap().len());
    time("audit command",&||store.search_log(1,&AuditFilter{command:Some("submit_order".into()),..Default::default()},None,50).unwrap().len());
    time("audit none",&||store.search_log(1,&AuditFilter{command:Some("x".into()),..Default::default()},None,50).unwrap().len());
    let mut keys=Keys::default(); for i in 1..65 { keys.orders.insert((1,id(i*7))); for k in 0..5 {keys.products.insert((1,format!("SKU-{}",i*5+k)));keys.stock.insert((1,format!("SKU-{}",i*5+k)));} keys.twins.insert(TwinKey{org:1,customer:"C0001".into(),customer_po:format!("PO-{i}"),except:None}); keys.customers.insert((1,format!("C{i:04}"))); keys.receipts.insert((1,"token:bench".into(),format!("k{i}"))); }
    let t=Instant::now(); for _ in 0..20 { w.load(&keys).unwrap(); } println!("load of 64: {:.2} ms",t.elapsed().as_secs_f64()*50.);
}
